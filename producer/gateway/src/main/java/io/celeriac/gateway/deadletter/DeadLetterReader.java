package io.celeriac.gateway.deadletter;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dead-letter topic backwards, with a consumer for each question: people ask, not programs.
 *
 * <p>All methods throw {@link org.apache.kafka.common.KafkaException} when the broker does not answer.
 */
final class DeadLetterReader {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;

    /**
     * @param consumers each read_committed, without group; closed by this class
     */
    DeadLetterReader(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
        this.consumers = consumers;
        this.topic = topic;
    }

    /**
     * The newest first.
     *
     * @param before only those of lower offsets; null for the newest of all
     */
    List<ConsumerRecord<byte[], byte[]>> newest(int partition, int limit, @Nullable Long before) {
        var source = new TopicPartition(topic, partition);
        try (var consumer = consumers.get()) {
            consumer.assign(List.of(source));
            var begin = consumer.beginningOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
            var end = consumer.endOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
            var to = before == null ? end : Math.min(before, end);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            long step = limit;
            while (found.size() < limit && to > begin) { // offsets may have gaps: then it takes another step back
                var from = Math.max(begin, to - step);
                var newestFirst = new ArrayList<>(range(consumer, source, from, to));
                found.addAll(newestFirst.subList(0, Math.min(newestFirst.size(), limit - found.size())));
                to = from;
                step *= 2;
            }
            return found;
        }
    }

    /** The one at an offset. */
    Optional<ConsumerRecord<byte[], byte[]>> at(int partition, long offset) {
        return newest(partition, 1, offset + 1).stream()
                .filter(record -> record.offset() == offset)
                .findFirst();
    }

    /** Whether the topic has this partition. */
    boolean has(int partition) {
        try (var consumer = consumers.get()) {
            return consumer.partitionsFor(topic, PATIENCE).stream().anyMatch(info -> info.partition() == partition);
        }
    }

    private static Deque<ConsumerRecord<byte[], byte[]>> range(
            Consumer<byte[], byte[]> consumer, TopicPartition source, long from, long to) {
        var records = new ArrayDeque<ConsumerRecord<byte[], byte[]>>();
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        consumer.seek(source, from);
        while (consumer.position(source, PATIENCE) < to) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("dead letters " + from + " to " + to + " could not be read in time");
            }
            consumer.poll(Duration.ofMillis(200)).records(source).stream()
                    .filter(record -> record.offset() < to)
                    .forEach(records::addFirst);
        }
        return records;
    }
}
