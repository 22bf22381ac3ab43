package io.celeriac.test.junit;

import io.celeriac.client.TaskClient;
import io.celeriac.client.typed.Task;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.TestClock;
import io.celeriac.test.sent.SentTasks;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A {@link TaskSandbox} for each test, and its parts as parameters: {@link TaskSandbox}, {@link TaskClient}, {@link WorkflowClient},
 * {@link TestClock}, {@link SentTasks}, and any interface of tasks.
 *
 * <pre>{@code
 * @RegisterExtension
 * final CeleriacExtension celeriac = CeleriacExtension.inline(new MailHandlers());
 *
 * @Test
 * void sendsAReminderAfterADay(Reminders reminders, TestClock clock, SentTasks sent) {
 *     ...
 * }
 * }</pre>
 *
 * <p>{@code @ExtendWith(CeleriacExtension.class)} records.
 */
public final class CeleriacExtension implements AfterEachCallback, ParameterResolver {

    private final TaskSandbox sandbox;

    /** A sandbox that runs nothing. */
    public CeleriacExtension() {
        this(TaskSandbox.recording());
    }

    private CeleriacExtension(TaskSandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** A sandbox that runs tasks, see {@link TaskSandbox#inline}. */
    public static CeleriacExtension inline(Object... handlers) {
        return of(TaskSandbox.inline(handlers));
    }

    /** A sandbox that runs nothing. */
    public static CeleriacExtension recording() {
        return new CeleriacExtension();
    }

    /** A sandbox with settings of its own. It is reset after each test. */
    public static CeleriacExtension of(TaskSandbox sandbox) {
        return new CeleriacExtension(sandbox);
    }

    /** The sandbox. */
    public TaskSandbox sandbox() {
        return sandbox;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        sandbox.reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == TaskSandbox.class
                || type == TaskClient.class
                || type == WorkflowClient.class
                || type == TestClock.class
                || type == SentTasks.class
                || isTasks(type);
    }

    private static boolean isTasks(Class<?> type) {
        return type.isInterface()
                && Stream.of(type.getMethods()).anyMatch(method -> method.isAnnotationPresent(Task.class));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        if (type == TaskSandbox.class) {
            return sandbox;
        }
        if (type == TaskClient.class) {
            return sandbox.client();
        }
        if (type == WorkflowClient.class) {
            return sandbox.workflows();
        }
        if (type == TestClock.class) {
            return sandbox.clock();
        }
        return type == SentTasks.class ? sandbox.sent() : sandbox.tasks(type);
    }
}
