package io.celeriac.test.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.TaskState;
import io.celeriac.test.TaskSandbox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CeleriacExtension.class)
class RecordingExtensionTest {

    @Test
    void recordsWithoutHandlers(CeleriacExtensionTest.Greetings greetings, TaskSandbox sandbox) {
        var greeting = greetings.greet("Ada");

        assertThat(greeting.state()).isEqualTo(TaskState.PENDING);
        assertThat(sandbox.sent()).sentInAll(1);
    }
}
