package io.celeriac.engine.consumer;

import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.internals.AsyncKafkaConsumer;
import org.apache.kafka.clients.consumer.internals.StreamsRebalanceData;
import org.apache.kafka.clients.consumer.internals.StreamsRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.internals.ConsumerWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ConsumerGate} under {@code group.protocol=streams}. Streams builds its consumer itself there. The only way to wrap that
 * consumer is internal: a class that Streams instantiates, see {@link EngineClients#streamsProtocol}. Its rebalance listener gets
 * tasks instead of partitions. Every call of Streams that a wake-up could break goes through the gate; the other calls do not.
 */
public final class StreamsProtocolConsumer extends ConsumerWrapper {

    private @Nullable ConsumerGate gate;
    private @Nullable Consumer<byte[], byte[]> gated;
    private @Nullable StreamsRebalanceData group;

    @Override
    public void wrapConsumer(
            AsyncKafkaConsumer<byte[], byte[]> consumer,
            Map<String, Object> config,
            Optional<StreamsRebalanceData> rebalanceData) {
        super.wrapConsumer(consumer, config, rebalanceData);
        var clients = (EngineClients) Objects.requireNonNull(config.get(EngineClients.SELF), EngineClients.SELF);
        gate = clients.gateBefore(consumer);
        gated = gate.gated();
        group = rebalanceData.orElseThrow();
    }

    private ConsumerGate gate() {
        return Objects.requireNonNull(gate, "Streams wraps before anything else");
    }

    private Consumer<byte[], byte[]> gated() {
        return Objects.requireNonNull(gated, "Streams wraps before anything else");
    }

    @Override
    public void subscribe(Collection<String> topics, StreamsRebalanceListener listener) {
        super.subscribe(topics, new RevocationListener(listener));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        return gated().poll(timeout);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        gated().pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        gated().resume(partitions);
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        gated().seekToBeginning(partitions);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        gated().commitSync(offsets);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        gated().commitSync(offsets, timeout);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return gated().committed(partitions);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        return gated().committed(partitions, timeout);
    }

    @Override
    public long position(TopicPartition partition) {
        return gated().position(partition);
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        return gated().position(partition, timeout);
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
        return gated().offsetsForTimes(times);
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times, Duration timeout) {
        return gated().offsetsForTimes(times, timeout);
    }

    private Set<TopicPartition> inputs(Set<StreamsRebalanceData.TaskId> tasks) {
        return tasks.stream().flatMap(this::inputs).collect(toSet());
    }

    private Stream<TopicPartition> inputs(StreamsRebalanceData.TaskId task) {
        var subtopologies = Objects.requireNonNull(group).subtopologies();
        return Objects.requireNonNull(subtopologies.get(task.subtopologyId())).sourceTopics().stream()
                .map(topic -> new TopicPartition(topic, task.partitionId()));
    }

    /** Runs before the listener of Streams. */
    private final class RevocationListener implements StreamsRebalanceListener {

        private final StreamsRebalanceListener streams;

        RevocationListener(StreamsRebalanceListener streams) {
            this.streams = streams;
        }

        @Override
        public void onTasksRevoked(Set<StreamsRebalanceData.TaskId> tasks) {
            gate().revoked(inputs(tasks), () -> streams.onTasksRevoked(tasks));
        }

        @Override
        public void onTasksAssigned(StreamsRebalanceData.Assignment assignment) {
            streams.onTasksAssigned(assignment);
        }

        @Override
        public void onAllTasksLost() {
            gate().lost(inputs(
                    Objects.requireNonNull(group).reconciledAssignment().activeTasks()));
            streams.onAllTasksLost();
        }
    }
}
