package io.celeriac.engine.worker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.KafkaCluster;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Brokers crash and come back, one at a time, while a worker is busy. With three replicas of which two must be in sync, a task
 * whose record was acknowledged must come to its outcome whatever the crash has hit: the partition's leader, the changelog's, the
 * group's or the transaction's coordinator. Under exactly-once there must be just one final record.
 *
 * <p>Both guarantees are tried at once, since a cluster takes its time to start. {@code -Dseed=…} repeats the choices of a run.
 */
class BrokerLossIT {

    private static final int ROUND = 250;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int sent;

    private record Side(Guarantee guarantee, TestQueue queue, ChildProcess worker, Map<String, Future<?>> sent) {

        /** The ids that the cluster has acknowledged. */
        Set<String> accepted() {
            var accepted = new HashSet<String>();
            sent.forEach((id, acknowledged) -> {
                try {
                    acknowledged.get();
                    accepted.add(id);
                } catch (ExecutionException e) {
                    assertThat(e).as("refused: " + id).isNotNull(); // nothing was promised for it
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            });
            return accepted;
        }
    }

    @Test
    void losesNothingWhenBrokersCrash() {
        try (var cluster = KafkaCluster.start(3)) {
            var sides = Arrays.stream(Guarantee.values())
                    .map(guarantee -> start(cluster, guarantee))
                    .toList();
            var first = 1 + random.nextInt(3);
            var second = 1 + (first + random.nextInt(2)) % 3;

            loadUntilKilled(cluster, sides, first);
            load(sides);
            cluster.restart(first);
            loadUntilKilled(cluster, sides, second);
            load(sides);

            sides.forEach(this::assertComplete);
            sides.forEach(side -> {
                side.worker.kill();
                side.queue.close();
            });
        }
    }

    private void loadUntilKilled(KafkaCluster cluster, List<Side> sides, int node) {
        load(sides);
        var moment = System.nanoTime() + ofMillis(random.nextInt(2_500)).toNanos();
        await().atMost(ofSeconds(10)).pollInterval(ofMillis(5)).until(() -> System.nanoTime() > moment);
        cluster.kill(node);
    }

    /** Some at once, some at their time, some with retries. */
    private void load(List<Side> sides) {
        var now = Instant.now();
        for (int i = 0; i < ROUND; i++) {
            var id = "t" + sent++;
            var task = Task.named(random.nextInt(5) == 0 ? "flaky" : "work").id(id);
            if (random.nextInt(4) == 0) {
                task.eta(now.plusMillis(random.nextInt(12_000)));
            }
            sides.forEach(side -> side.sent.put(id, side.queue.submit(task.build())));
        }
    }

    private void assertComplete(Side side) {
        var accepted = side.accepted();
        assertThat(accepted).as("seed " + seed).isNotEmpty();
        side.queue.awaitStates(
                "each accepted task has ended under " + side.guarantee + ", seed " + seed,
                states -> accepted.stream()
                        .allMatch(id ->
                                states.containsKey(id) && states.get(id).state().isFinal()));

        assertThat(side.queue.results())
                .as(side.guarantee + ", seed " + seed)
                .filteredOn(result -> result.state().isFinal())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(side.queue.deadLetters()).isEmpty();
        if (side.guarantee == Guarantee.EXACTLY_ONCE) {
            assertThat(side.queue.outcomes().values()).as("seed " + seed).containsOnly(1L);
        }
    }

    private Side start(KafkaCluster cluster, Guarantee guarantee) {
        var name = "loss-" + guarantee.name().toLowerCase(Locale.ROOT).replace('_', '-');
        var queue = new TestQueue(cluster.bootstrapServers(), name, 4);
        var worker = ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(cluster.bootstrapServers(), name, guarantee.name(), "0"),
                directory.resolve(name + ".log"));
        worker.awaitLog(KillableWorker.READY, ofSeconds(60));
        return new Side(guarantee, queue, worker, new LinkedHashMap<>());
    }
}
