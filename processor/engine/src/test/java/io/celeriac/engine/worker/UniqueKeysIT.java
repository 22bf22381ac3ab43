package io.celeriac.engine.worker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Workers are killed while many tasks ask for the same unique keys, of which some run at once and some wait: the first of each key runs, and
 * all others name it. */
class UniqueKeysIT {

    private static final int KEYS = 20;
    private static final int ROUNDS = 4;

    @TempDir
    private Path directory;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void letsTheFirstOfEachKeyRunHoweverOftenItsWorkerDies(Guarantee guarantee) {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        try (var queue = new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("unique"), 4)) {
            var worker = start(queue, guarantee, 0);
            for (int round = 0; round < ROUNDS; round++) {
                submit(queue, round);
                var life = System.nanoTime()
                        + ofMillis(300 + random.nextInt(1_500)).toNanos();
                await().atMost(ofSeconds(10)).pollInterval(ofMillis(10)).until(() -> System.nanoTime() > life);
                worker.kill();
                worker = start(queue, guarantee, round + 1);
            }

            var states = queue.awaitFinal(KEYS * ROUNDS);
            worker.kill();

            for (int key = 0; key < KEYS; key++) {
                var first = "0-" + key;
                assertThat(states.get(first).state())
                        .as(first + ", seed " + seed)
                        .isEqualTo(TaskState.SUCCESS);
                for (int round = 1; round < ROUNDS; round++) {
                    assertThat(states.get(round + "-" + key))
                            .as(round + "-" + key + ", seed " + seed)
                            .extracting(TaskResult::state, TaskResult::reason, TaskResult::winner)
                            .containsExactly(TaskState.REVOKED, RevokeReason.NOT_UNIQUE, first);
                }
            }
        }
    }

    private static void submit(TestQueue queue, int round) {
        for (int key = 0; key < KEYS; key++) {
            queue.submit(Task.named("work")
                    .id(round + "-" + key)
                    .unique(Unique.by("invoice-" + key, Duration.ofHours(1)))
                    .eta(key % 2 == 0 ? null : Instant.now().plusSeconds(15))
                    .build());
        }
        queue.flush();
    }

    private ChildProcess start(TestQueue queue, Guarantee guarantee, int number) {
        var worker = ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(TestStack.kafka().bootstrapServers(), queue.topics().namespace(), guarantee.name(), "0"),
                directory.resolve("worker-" + number + ".log"));
        worker.awaitLog(KillableWorker.READY, ofSeconds(60));
        return worker;
    }
}
