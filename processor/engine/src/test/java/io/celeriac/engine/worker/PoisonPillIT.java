package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A task that kills its process. It comes back with the next owner of its partition, and would kill that too, and so on: all
 * others of the queue would stand still for ever. It must be set aside after a few deaths, a quick one that dies before
 * anything of it was committed as well as one that takes its time; and those that happened to run beside it must not.
 */
class PoisonPillIT {

    private static final int INNOCENTS = 40;

    @TempDir
    private Path directory;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource({"AT_LEAST_ONCE, 0", "EXACTLY_ONCE, 150"})
    void isSetAsideAndNobodyElse(Guarantee guarantee, int millis) {
        try (var queue = new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("pill"), 2)) {
            queue.submit(Task.named("pill").id("pill").args(millis).build());
            for (int i = 0; i < INNOCENTS; i++) {
                queue.submit(Task.named(i < 4 ? "long" : "work").id("t" + i).build());
            }
            queue.flush();

            var lives = 0;
            while (!isEnded(queue)) {
                assertThat(++lives).as("lives of the worker").isLessThanOrEqualTo(9);
                var worker = start(queue, guarantee, lives);
                await().atMost(ofSeconds(90)).until(() -> !worker.isAlive() || isEnded(queue));
                worker.kill();
            }

            var states = queue.states();
            assertThat(states.get("pill").error().type()).isEqualTo("PoisonPill");
            assertThat(states.get("pill").error().message()).matches("its process died [3-8] times while it ran");
            assertThat(states.values().stream()
                            .filter(result -> result.state() != TaskState.SUCCESS)
                            .map(TaskResult::id))
                    .containsExactly("pill");
        }
    }

    private static boolean isEnded(TestQueue queue) {
        return queue.states().values().stream()
                        .filter(result -> result.state().isFinal())
                        .count()
                == INNOCENTS + 1;
    }

    private ChildProcess start(TestQueue queue, Guarantee guarantee, int life) {
        return ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(TestStack.kafka().bootstrapServers(), queue.topics().namespace(), guarantee.name(), "3"),
                directory.resolve(guarantee + "-" + life + ".log"));
    }
}
