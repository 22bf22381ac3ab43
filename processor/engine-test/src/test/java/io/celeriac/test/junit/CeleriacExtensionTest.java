package io.celeriac.test.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.typed.Task;
import io.celeriac.client.typed.TaskCalls;
import io.celeriac.engine.TaskHandler;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.TestClock;
import io.celeriac.test.sent.SentTasks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CeleriacExtensionTest {

    interface Greetings extends TaskCalls<Greetings> {
        @Task("greet")
        TaskHandle<String> greet(String name);
    }

    static class Greeter {
        @TaskHandler("greet")
        String greet(String name) {
            return "Hello " + name;
        }
    }

    @RegisterExtension
    static final CeleriacExtension celeriac = CeleriacExtension.inline(new Greeter());

    @Test
    void handsOutThePartsOfTheSandbox(TaskSandbox sandbox, TaskClient tasks, TestClock clock, SentTasks sent) {
        assertThat(sandbox).isSameAs(celeriac.sandbox());
        assertThat(tasks).isSameAs(sandbox.client());
        assertThat(clock).isSameAs(sandbox.clock());
        assertThat(sent).sentNothing();
    }

    @Test
    void handsOutInterfacesOfTasks(Greetings greetings, SentTasks sent) throws Exception {
        assertThat(greetings.greet("Ada").get(Duration.ofSeconds(30))).isEqualTo("Hello Ada");
        assertThat(sent).sentInAll(1).sent("greet").once().withArg("name", "Ada");
    }

    @Test
    void beginsEachTestWithoutTasks(Greetings greetings, SentTasks sent) {
        assertThat(sent).sentNothing();
        greetings.with(o -> o.countdown(Duration.ofMinutes(5))).greet("Bob");
        assertThat(sent).sentInAll(1);
    }
}
