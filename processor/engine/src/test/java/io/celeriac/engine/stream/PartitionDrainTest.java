package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.poison.Trace.Trials;
import io.celeriac.engine.store.DeduplicationWindow;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionDrainTest {

    private static final Topics TOPICS = new Topics("celeriac");

    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log");
    private final UnfinishedTasks store = new UnfinishedTasks(
            log,
            new StoredTaskCodec("default", TOPICS.tasks("default"), (task, why) -> List.of()),
            new DeduplicationWindow(0, 10));

    private final SimulatedWorker worker =
            new SimulatedWorker("worker-1", outcomes(), id -> false, InstantSource.system());
    private final AttemptQueue attemptQueue =
            new AttemptQueue(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default"));

    @AfterEach
    void kill() {
        worker.kill();
    }

    /** Streams would go on and commit the offset of a record whose task is logged nowhere. */
    @Test
    void endsTheRevocationWhereNothingMayBeLoggedAnyMore() {
        store.restore(0, Uuid.ZERO_UUID, 1, (id, outline) -> {});
        store.mark(() -> new OwnerMark("process", false, Set.of(), Set.of(), Trials.NONE, List.of()));
        store.flushCache();
        store.add(accepted());
        store.fence(() -> {
            throw new TaskMigratedException("has gone");
        });

        assertThatExceptionOfType(TaskMigratedException.class)
                .isThrownBy(() -> handOver().finish(Duration.ZERO));

        assertThat(store.hasUnlogged()).as("nor is it logged later").isFalse();
    }

    /** At the next owner it would run beside its successors, so it stops, and comes to no outcome here: it runs again there. */
    @ParameterizedTest
    @EnumSource(
            value = Order.class,
            names = {"KEY", "PARTITION"})
    void interruptsWhatRunsOnPastTheDrainWhereTasksHaveAnOrder(Order order) throws Exception {
        var hand = begin();

        attemptQueue.drain();
        assertThat(handOver(order).finish(Duration.ZERO)).isFalse();

        assertThat(attemptQueue.running()).isEmpty();
        await().atMost(ofSeconds(10)).until(() -> !hand.isHeld());
        assertThat(store.get("a")).isInstanceOfSatisfying(Waiting.class, waiting -> {
            assertThat(waiting.task().attempts()).isZero();
            assertThat(waiting.unpublished()).isEmpty();
        });
    }

    /** It may end well, and nobody is harmed but for the work that is done twice. */
    @Test
    void letsWhatRunsOnPastTheDrainRunWhereTasksHaveNone() throws Exception {
        var hand = begin();

        attemptQueue.drain();
        handOver(Order.UNORDERED).finish(Duration.ZERO);

        assertThat(attemptQueue.running()).containsOnlyKeys("a");
        assertThat(hand.isHeld()).isTrue();
    }

    /** An attempt whose handler waits. */
    private SimulatedWorker.Hand begin() {
        store.restore(0, Uuid.ZERO_UUID, 1, (id, outline) -> {});
        store.add(accepted());
        worker.dispatcher().open(attemptQueue);
        var held = Handler.of("a", (task, context) -> {
            worker.hold(new SimulatedWorker.Call(context.id(), context.attempt()));
            return null;
        });
        worker.dispatcher().submit(new Attempt(attemptQueue, accepted().task(), held));
        worker.start(0);
        return worker.held().get(0);
    }

    private PartitionDrain handOver() {
        return handOver(Order.UNORDERED);
    }

    private PartitionDrain handOver(Order order) {
        var settings = new QueueProperties(
                "default",
                TOPICS.tasks("default"),
                false,
                order,
                3,
                4,
                4,
                0,
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ofMillis(100));
        return new PartitionDrain(
                new TopicPartition(TOPICS.tasks("default"), 0),
                attemptQueue,
                worker.dispatcher(),
                store,
                outcomes(),
                new SimulatedCluster(false),
                settings,
                InstantSource.system());
    }

    private static OutcomeRecords outcomes() {
        return new OutcomeRecords(TOPICS, "worker-1", 1 << 20, new HandlerRegistry(List.of()));
    }

    private static Waiting accepted() {
        var value = "{\"task\":\"a\"}".getBytes(UTF_8);
        var origin = new SourceRecord(
                "default", TOPICS.tasks("default"), 0, 7, Instant.EPOCH, null, value, new RecordHeaders());
        return new Waiting(AcceptedTask.first(origin, Task.named("a").id("a").build(), Instant.EPOCH), 0);
    }
}
