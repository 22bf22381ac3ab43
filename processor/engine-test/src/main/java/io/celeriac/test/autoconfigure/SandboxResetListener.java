package io.celeriac.test.autoconfigure;

import io.celeriac.test.TaskSandbox;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/** Empties the sandbox of a test's context before and after each test. */
public final class SandboxResetListener extends AbstractTestExecutionListener {

    @Override
    public void beforeTestMethod(TestContext test) {
        reset(test);
    }

    @Override
    public void afterTestMethod(TestContext test) {
        reset(test);
    }

    private static void reset(TestContext test) {
        if (test.hasApplicationContext()) {
            test.getApplicationContext().getBeanProvider(TaskSandbox.class).ifAvailable(TaskSandbox::reset);
        }
    }
}
