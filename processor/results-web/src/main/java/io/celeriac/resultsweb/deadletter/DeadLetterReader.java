package io.celeriac.resultsweb.deadletter;

import io.celeriac.web.load.Searches;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Reads the dead-letter topic backwards. Each call opens a consumer: people ask, not programs, so calls are rare.
 *
 * <p>A few calls run at a time; others are refused. All methods throw {@link org.apache.kafka.common.KafkaException} when the broker does not answer.
 */
final class DeadLetterReader {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 4 << 20;
    private static final int RECORDS_A_STEP = 20;

    private static final int READERS = 4; // each with a consumer of its own

    private final Searches readers = new Searches(READERS);
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
     * A page of the requested size, or a shorter one if the records are large.
     *
     * @param records the latest first
     * @param isLast true when no record precedes them
     */
    record Page(List<ConsumerRecord<byte[], byte[]>> records, boolean isLast) {}

    /**
     * Reads a page of records, the newest first.
     *
     * @param before only records with a lower offset; null for the newest of all
     */
    Page newest(int partition, int limit, @Nullable Long before) {
        return readers.run(() -> read(partition, limit, before));
    }

    private Page read(int partition, int limit, @Nullable Long before) {
        var source = new TopicPartition(topic, partition);
        try (var consumer = consumers.get()) {
            consumer.assign(List.of(source));
            var begin = consumer.beginningOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
            var end = consumer.endOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
            var to = before == null ? end : Math.min(before, end);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            var bytes = 0L;
            long step = Math.min(limit, RECORDS_A_STEP);
            while (to > begin && found.size() < limit) { // offsets may have gaps: then it takes another step back
                var from = Math.max(begin, to - step);
                var known = found.size();
                for (var record : range(consumer, source, from, to, deadline)) {
                    if (found.size() == limit || bytes > MOST_BYTES) {
                        return new Page(found, false);
                    }
                    found.add(record);
                    bytes += size(record);
                }
                step = found.size() == known ? step * 2 : Math.min(limit, RECORDS_A_STEP);
                to = from;
            }
            return new Page(found, to <= begin);
        }
    }

    /**
     * The record at an offset.
     *
     * @throws ProblemException when there is no such partition or record
     */
    ConsumerRecord<byte[], byte[]> at(int partition, long offset) {
        requirePartition(partition);
        return newest(partition, 1, offset + 1).records().stream()
                .filter(record -> record.offset() == offset)
                .findFirst()
                .orElseThrow(() -> missing(partition, offset));
    }

    static ProblemException missing(int partition, long offset) {
        return new ProblemException(
                HttpStatus.NOT_FOUND, "there is no dead letter " + partition + "/" + offset + ", or no more");
    }

    /**
     * @throws ProblemException when the topic has no such partition
     */
    void requirePartition(int partition) {
        if (!has(partition)) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "there is no partition " + partition);
        }
    }

    /** True when the topic has this partition. */
    boolean has(int partition) {
        return readers.run(() -> isThere(partition));
    }

    private boolean isThere(int partition) {
        try (var consumer = consumers.get()) {
            return consumer.partitionsFor(topic, PATIENCE).stream().anyMatch(info -> info.partition() == partition);
        }
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    private static Deque<ConsumerRecord<byte[], byte[]>> range(
            Consumer<byte[], byte[]> consumer, TopicPartition source, long from, long to, long deadline) {
        var records = new ArrayDeque<ConsumerRecord<byte[], byte[]>>();
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
