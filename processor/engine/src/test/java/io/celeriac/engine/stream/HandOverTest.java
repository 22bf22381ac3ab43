package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Lane;
import io.celeriac.engine.attempt.Origin;
import io.celeriac.engine.attempt.Reporter;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.stream.QueueSettings.Order;
import io.celeriac.engine.stream.StoredTask.Waiting;
import io.celeriac.engine.stream.Trace.Trials;
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
import org.junit.jupiter.api.Test;

class HandOverTest {

    private static final Topics TOPICS = new Topics("celeriac");

    private final KeyValueStore<Bytes, byte[]> log = new InMemoryKeyValueStore("log");
    private final UnfinishedTasks store = new UnfinishedTasks(
            log,
            new StoredTaskCodec("default", TOPICS.tasks("default"), (task, why) -> List.of()),
            new RecentIds(0, 10));

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

    private HandOver handOver() {
        var worker = new SimulatedWorker("worker-1", reporter(), id -> false, InstantSource.system());
        var settings = new QueueSettings(
                "default",
                TOPICS.tasks("default"),
                false,
                Order.UNORDERED,
                3,
                4,
                4,
                0,
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ofMillis(100));
        return new HandOver(
                new TopicPartition(TOPICS.tasks("default"), 0),
                new Lane(() -> {}, new EngineMetrics(new SimpleMeterRegistry(), "default")),
                worker.dispatcher(),
                store,
                reporter(),
                new SimulatedCluster(false),
                settings);
    }

    private static Reporter reporter() {
        return new Reporter(TOPICS, "worker-1", 1 << 20, new HandlerRegistry(List.of()));
    }

    private static Waiting accepted() {
        var value = "{\"task\":\"a\"}".getBytes(UTF_8);
        var origin =
                new Origin("default", TOPICS.tasks("default"), 0, 7, Instant.EPOCH, null, value, new RecordHeaders());
        return new Waiting(AcceptedTask.first(origin, Task.named("a").id("a").build(), Instant.EPOCH), 0);
    }
}
