package io.celeriac.engine.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A copy of each partition's unfinished tasks on another worker. When the owner is killed, the copy must take over with all that it
 * knew, and without reading the changelog from its beginning, which is what a copy is for. When partitions move while both live,
 * stores turn from owned into copies and back: what they knew in their former part must not count in the next.
 */
class StandbyIT {

    private static final int PARTITIONS = 8;

    @TempDir
    private Path directory;

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("standby"), PARTITIONS);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());
    private final ConsumerGroup group = new ConsumerGroup(TestStack.kafka().bootstrapServers(), queue);

    @AfterEach
    void close() {
        workers.close();
        group.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void takesOverWithoutReadingEverythingBack(Guarantee guarantee) {
        var tasks = 2_000;
        var clock = MutableClock.at(Instant.now());
        var survivor = start(guarantee, clock);
        var killed = startKillable(guarantee);
        awaitShared();
        var due =
                clock.instant().plus(ofHours(1)); // on the survivor's clock alone: none begins before the other is dead
        for (int i = 0; i < tasks; i++) {
            queue.submit(Task.named("work").id("t" + i).eta(due).build());
        }
        await().atMost(ofSeconds(60))
                .until(() -> group.committed().values().stream()
                                .mapToLong(offset -> offset)
                                .sum()
                        >= tasks);
        awaitCopies(survivor);

        try (var log = new LogLines(RestoreLog.class)) {
            killed.kill();
            await("the copies have taken over")
                    .atMost(ofSeconds(60))
                    .until(() -> log.lines().size() >= PARTITIONS / 2);
            assertThat(log.lines()).allMatch(line -> line.matches("partition \\d of .* read back \\d{1,2} records.*"));
        }
        clock.advance(ofHours(1).plusSeconds(1));

        assertThat(queue.awaitFinal(tasks).values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS))
                .allSatisfy(result -> assertThat(result.worker()).isEqualTo(survivor.id()));
        assertThat(ran).hasSize(tasks).doesNotHaveDuplicates();
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    /** The first worker's stores become copies when the second joins, and its own again when the second stops. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void runsNothingTwiceWhenPartitionsComeAndGo(Guarantee guarantee) {
        var first = start(guarantee, InstantSource.system());
        submit(0, 100);
        await().atMost(ofSeconds(30)).until(() -> ran.size() >= 8);
        var second = start(guarantee, InstantSource.system());
        awaitShared();
        submit(100, 200);
        awaitCopies(first);
        awaitCopies(second);
        submit(200, 300);
        queue.awaitStates(
                "the second has its share",
                states ->
                        states.values().stream().anyMatch(result -> second.id().equals(result.worker())));

        workers.stop(second);
        submit(300, 320);

        assertThat(queue.awaitFinal(320).values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS))
                .extracting(result -> result.worker())
                .contains(first.id(), second.id());
        assertThat(ran).hasSize(320).doesNotHaveDuplicates();
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    private void submit(int from, int to) {
        for (int i = from; i < to; i++) {
            queue.submit(Task.named("long").id("t" + i).build());
        }
    }

    private void awaitShared() {
        await("both own partitions")
                .atMost(ofSeconds(60))
                .until(
                        group::owners,
                        owners -> owners.size() == 2
                                && owners.values().stream().allMatch(owned -> owned.size() == PARTITIONS / 2));
    }

    /** It has its own partitions and a copy of all others, and none is behind by more than the marker of a transaction. */
    private static void awaitCopies(Worker worker) {
        await("it has copies of all")
                .atMost(ofSeconds(60))
                .until(
                        () -> worker.lags().get("default"),
                        lags -> lags.size() == PARTITIONS
                                && lags.values().stream().allMatch(lag -> lag <= 1));
    }

    private Worker start(Guarantee guarantee, InstantSource clock) {
        var handlers = List.of(
                Handler.of("work", (task, context) -> ran.add(context.id())), Handler.of("long", (task, context) -> {
                    ran.add(context.id());
                    Thread.sleep(500);
                    return null;
                }));
        return workers.start(guarantee, handlers, Map.of("standbys", 1, "drain-timeout", "PT20S"), clock);
    }

    private ChildProcess startKillable(Guarantee guarantee) {
        var worker = ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(
                        TestStack.kafka().bootstrapServers(),
                        queue.topics().namespace(),
                        guarantee.name(),
                        "0",
                        "celeriac.worker.standbys=1"),
                directory.resolve("worker.log"));
        worker.awaitLog(KillableWorker.READY, ofSeconds(60));
        return worker;
    }
}
