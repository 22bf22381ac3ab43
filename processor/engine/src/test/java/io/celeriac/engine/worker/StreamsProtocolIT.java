package io.celeriac.engine.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.topic.QueueTopics;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.KafkaCluster;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Workers whose group the broker keeps. Streams builds its consumer by itself there, so all that the gate does must be seen to
 * hold once more: it is woken, it pauses, it drains and hands over. On a cluster of its own, since no group may be given a
 * shorter session than the broker's least.
 */
class StreamsProtocolIT {

    private static final Map<String, Object> STREAMS = Map.of("group-protocol", "streams");
    private static KafkaCluster cluster;

    @TempDir
    private Path directory;

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final List<Handler> handlers = List.of(
            Handler.of("work", (task, context) -> ran.add(context.id())), Handler.of("long", (task, context) -> {
                ran.add(context.id());
                Thread.sleep(1_000);
                return null;
            }));
    private TestQueue queue;
    private TestWorkers workers;

    @BeforeAll
    static void startCluster() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault(); // a failed stream thread is replaced, as it should be
        cluster = KafkaCluster.start(
                1,
                Map.of(
                        "group.streams.min.session.timeout.ms", "3000",
                        "group.streams.min.heartbeat.interval.ms", "500",
                        "group.streams.initial.rebalance.delay.ms", "0"));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @AfterEach
    void close() {
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void bringsEachTaskToOneOutcome(Guarantee guarantee) {
        queue(8);
        workers.start(guarantee, handlers, STREAMS);

        submit("work", 0, 2_000);

        assertThat(queue.awaitFinal(2_000).values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(queue.outcomes()).hasSize(2_000);
        assertThat(queue.outcomes().values()).containsOnly(1L);
        assertThat(ran).hasSize(2_000);
    }

    /** More than fits, so that the partition is paused by us, beside what Streams pauses for itself. */
    @Test
    void pausesAPartitionThatHasEnoughAndTakesMoreLater() {
        queue(1);
        workers.start(Guarantee.AT_LEAST_ONCE, handlers, with(Map.of("window", 10, "concurrency", 2)));

        submit("work", 0, 3_000);

        assertThat(queue.awaitFinal(3_000)).hasSize(3_000);
    }

    /** A partition that moves while its tasks run is drained: what ends in time is handed over with its outcome. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void runsNothingTwiceWhenAWorkerJoins(Guarantee guarantee) {
        queue(8);
        var settings = with(Map.of("drain-timeout", "PT10S"));
        var first = workers.start(guarantee, handlers, settings);
        submit("long", 0, 160);
        await().atMost(ofSeconds(30)).until(() -> ran.size() >= 8);

        var second = workers.start(guarantee, handlers, settings);
        var states = queue.awaitFinal(160);

        assertThat(ran).doesNotHaveDuplicates();
        assertThat(queue.outcomes().values()).containsOnly(1L);
        assertThat(states.values())
                .extracting(result -> result.worker())
                .as("both had their share")
                .contains(first.id(), second.id());
    }

    /** What ran and what waited at a worker that was killed lives on in the changelog. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void takesOverWhatAKilledWorkerHad(Guarantee guarantee) {
        queue(4);
        var killed = startKillable(guarantee);
        var soon = Instant.now().plusSeconds(10);
        for (int i = 0; i < 50; i++) {
            queue.submit(Task.named("work").id("parked" + i).eta(soon).build());
            queue.submit(Task.named("long").id("t" + i).trackStarted(true).build());
        }
        queue.awaitStates("some run", states -> states.size() >= 8);
        killed.kill();

        workers.start(guarantee, handlers, STREAMS);
        var states = queue.awaitFinal(100);

        assertThat(states.values())
                .allSatisfy(result -> assertThat(result.state()).isEqualTo(TaskState.SUCCESS));
        assertThat(states.get("parked7").startedAt()).isAfterOrEqualTo(soon);
        assertThat(ran).contains("t0", "parked0");
    }

    /** An attempt that ends wakes the stream thread; by polling alone its result would wait for a second and more here. */
    @Test
    void publishesAsSoonAsAnAttemptHasEnded() {
        queue(1);
        workers = new TestWorkers(queue, cluster.bootstrapServers(), Map.of("poll.ms", 1_000));
        workers.start(Guarantee.AT_LEAST_ONCE, handlers, STREAMS);
        submit("work", 0, 20);
        queue.awaitFinal(20);

        var took = new ArrayList<Duration>();
        for (int i = 20; i < 61; i++) {
            var id = "t" + i;
            var before = System.nanoTime();
            submit("work", i, i + 1);
            await().pollDelay(Duration.ZERO).until(() -> queue.outcomes().containsKey(id));
            took.add(Duration.ofNanos(System.nanoTime() - before));
        }

        assertThat(took.stream().sorted().toList().get(20)).as("of %s", took).isLessThan(ofMillis(400));
    }

    /** There is no way over while workers run, but one with all of them stopped: offsets and changelog stay what they are. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void goesOnWhereTheOtherProtocolStopped(Guarantee guarantee) {
        queue(4);
        var clock = MutableClock.at(Instant.now());
        var classic = workers.start(guarantee, handlers, Map.of(), clock);
        var soon = clock.instant().plus(ofHours(1));
        for (int i = 0; i < 50; i++) {
            queue.submit(Task.named("work").id("parked" + i).eta(soon).build());
        }
        submit("work", 0, 50);
        queue.awaitFinal(50);
        workers.stop(classic);

        var streams = workers.start(guarantee, handlers, STREAMS, clock);
        clock.advance(ofHours(1));
        queue.awaitFinal(100);
        workers.stop(streams);
        workers.start(guarantee, handlers, Map.of(), clock);
        submit("work", 50, 100);
        queue.awaitFinal(150);

        assertThat(ran).hasSize(150).doesNotHaveDuplicates();
        assertThat(queue.outcomes().values()).containsOnly(1L);
    }

    /** The broker's word counts, and nobody would know until the first crash: 45 s are long where 10 were asked for. */
    @Test
    void warnsWhereTheBrokerHasAnotherSessionTimeout() {
        queue(1);
        try (var log = new LogLines(BrokerSession.class)) {
            workers.start(Guarantee.AT_LEAST_ONCE, handlers, with(Map.of("session-timeout", "PT6S")));
            assertThat(log.lines()).isEmpty();

            workers.start(Guarantee.AT_LEAST_ONCE, handlers, with(Map.of("session-timeout", "PT9S")));

            assertThat(log.lines())
                    .singleElement(STRING)
                    .contains("loses its partitions after 6000 ms, and not after 9000 ms")
                    .contains("--entity-name "
                            + QueueTopics.of("default", queue.settings()).group());
        }
    }

    private static Map<String, Object> with(Map<String, Object> more) {
        var settings = new HashMap<>(more);
        settings.putAll(STREAMS);
        return settings;
    }

    private void queue(int partitions) {
        queue = new TestQueue(cluster.bootstrapServers(), TestStack.uniqueName("streams"), partitions);
        workers = new TestWorkers(queue, cluster.bootstrapServers());
        alterGroup(Map.of("streams.session.timeout.ms", "6000", "streams.heartbeat.interval.ms", "1000"));
    }

    private void alterGroup(Map<String, String> settings) {
        var group = new ConfigResource(
                ConfigResource.Type.GROUP,
                QueueTopics.of("default", queue.settings()).group());
        Collection<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        try (var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("group settings refused: " + settings, e);
        }
    }

    private void submit(String name, int from, int to) {
        for (int i = from; i < to; i++) {
            queue.submit(Task.named(name).id("t" + i).build());
        }
    }

    private ChildProcess startKillable(Guarantee guarantee) {
        var worker = ChildProcess.startJava(
                "worker",
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KillableWorker.class,
                List.of(
                        cluster.bootstrapServers(),
                        queue.topics().namespace(),
                        guarantee.name(),
                        "0",
                        "celeriac.worker.group-protocol=streams"),
                directory.resolve("worker.log"));
        worker.awaitLog(KillableWorker.READY, ofSeconds(60));
        return worker;
    }
}
