package io.celeriac.engine.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskContext;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class MethodCallTest {

    private static final TaskContext CONTEXT = (TaskContext) Proxy.newProxyInstance(
            TaskContext.class.getClassLoader(), new Class<?>[] {TaskContext.class}, (proxy, method, args) -> "fake");

    private final List<String> called = new ArrayList<>();

    @SuppressWarnings({"unused", "DoNotCallSuggester"}) // called by reflection
    private final class Handlers {

        void nothing(String what) {
            called.add(what);
        }

        private int add(int a, int b) {
            return a + b;
        }

        CompletionStage<String> later() {
            return CompletableFuture.completedFuture("late");
        }

        void checked() throws IOException {
            throw new FileNotFoundException("checked");
        }

        void error() {
            throw new StackOverflowError("error");
        }

        String withContext(TaskContext context, String what) {
            return context.id() + what;
        }
    }

    private final Handlers handlers = new Handlers();

    @Test
    void hasNoResultWhereTheMethodReturnsNothing() throws Exception {
        assertThat(call("nothing").run(Task.of("x", "done"), CONTEXT)).isNull();
        assertThat(called).containsExactly("done");
    }

    @Test
    void callsAMethodThatIsNotPublic() throws Exception {
        assertThat(call("add").run(Task.of("x", 1, 2), CONTEXT)).isEqualTo(3);
    }

    @Test
    void returnsACompletionStageAsItIs() throws Exception {
        assertThat(call("later").run(Task.of("x"), CONTEXT)).isInstanceOf(CompletionStage.class);
    }

    /** A retry policy names the exception that was thrown, not the reflection around it. */
    @Test
    void throwsWhatTheMethodThrows() {
        assertThatExceptionOfType(FileNotFoundException.class)
                .isThrownBy(() -> call("checked").run(Task.of("x"), CONTEXT))
                .withMessage("checked");
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> call("error").run(Task.of("x"), CONTEXT))
                .withMessage("error");
    }

    @Test
    void givesTheContextToWhoAsksForIt() throws Exception {
        assertThat(call("withContext").run(Task.of("x", "!"), CONTEXT)).isEqualTo("fake!");
    }

    private MethodCall call(String name) {
        var method = Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findAny()
                .orElseThrow();
        return new MethodCall(handlers, method);
    }
}
