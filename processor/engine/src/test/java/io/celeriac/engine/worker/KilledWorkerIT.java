package io.celeriac.engine.worker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker that is killed at any moment, again and again, under load, with retries and parked tasks. Each accepted task must
 * come to an outcome, and all its final records must say the same; under exactly-once there must be just one.
 *
 * <p>{@code -Dkills=50 -Dseed=…} makes it longer and repeats a run.
 */
class KilledWorkerIT {

    private static final int TASKS = 1_500;

    @TempDir
    private Path directory;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void losesNothing(Guarantee guarantee) {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        var kills = Integer.getInteger("kills", 3);
        try (var queue = new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("killed"), 8)) {
            var worker = start(queue, guarantee, 0);
            for (int kill = 0; kill < kills; kill++) {
                submit(queue, random, kill * TASKS / kills, (kill + 1) * TASKS / kills);
                var life = System.nanoTime()
                        + ofMillis(300 + random.nextInt(2_500)).toNanos();
                await().atMost(ofSeconds(10)).pollInterval(ofMillis(10)).until(() -> System.nanoTime() > life);
                worker.kill();
                worker = start(queue, guarantee, kill + 1);
            }

            var states = queue.awaitFinal(TASKS);
            worker.kill();

            var all = IntStream.range(0, TASKS).mapToObj(i -> "t" + i).toList();
            assertThat(states.keySet()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(all);
            assertThat(queue.results())
                    .as("seed " + seed)
                    .filteredOn(result -> result.state().isFinal())
                    .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
            if (guarantee == Guarantee.EXACTLY_ONCE) {
                assertThat(queue.outcomes())
                        .as("seed " + seed)
                        .allSatisfy((id, outcomes) -> assertThat(outcomes).isEqualTo(1));
            }
        }
    }

    private static void submit(TestQueue queue, Random random, int from, int to) {
        var now = Instant.now();
        for (int i = from; i < to; i++) {
            var task = Task.named(random.nextInt(5) == 0 ? "flaky" : "work").id("t" + i);
            if (random.nextInt(5) == 0) {
                task.eta(now.plusMillis(random.nextInt(8_000)));
            }
            queue.submit(task.build());
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
