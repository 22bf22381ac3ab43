package io.celeriac.controlweb.queue;

import io.celeriac.web.load.Searches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads some records of a queue's topic. It has no group and commits nothing, so workers do not notice it. Each call opens a consumer and
 * closes it: people ask, not programs.
 *
 * <p>A few calls run at a time. A call ends after some records, some bytes or some seconds, whichever comes first.
 */
final class QueueReader {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MOST_BYTES = 2 << 20;
    private static final int READERS = 2;

    private final Searches readers = new Searches(READERS);
    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /**
     * @param consumers each read_committed, without group; closed by this class
     */
    QueueReader(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /**
     * Some records.
     *
     * @param beginning offset of the first record that is kept
     * @param end offset behind the last record
     * @param next offset of the record after these; null when there is none
     */
    record Some(
            List<ConsumerRecord<byte[], byte[]>> records,
            long beginning,
            long end,
            @Nullable Long next) {}

    /**
     * Reads records, the oldest first.
     *
     * @param from offset of the first; an offset that is not kept any more, or not there yet, is moved to the next that is
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer
     */
    Some read(TopicPartition source, long from, int limit) {
        return readers.run(() -> {
            try (var consumer = consumers.get()) {
                return read(consumer, source, from, limit);
            }
        });
    }

    private static Some read(Consumer<byte[], byte[]> consumer, TopicPartition source, long from, int limit) {
        consumer.assign(List.of(source));
        var beginning = consumer.beginningOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
        var end = consumer.endOffsets(List.of(source), PATIENCE).getOrDefault(source, 0L);
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        var next = Math.min(Math.max(from, beginning), end);
        consumer.seek(source, next);
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var bytes = 0L;
        while (next < end) {
            for (var record : consumer.poll(POLL).records(source)) {
                if (found.size() == limit || bytes > MOST_BYTES) {
                    return new Some(found, beginning, end, record.offset());
                }
                found.add(record);
                bytes += size(record);
            }
            next = consumer.position(source, PATIENCE); // behind marks of transactions too
            if (next < end && System.nanoTime() > deadline) {
                if (found.isEmpty()) {
                    throw new TimeoutException("no record of " + source + " could be read in time");
                }
                return new Some(found, beginning, end, next);
            }
        }
        return new Some(found, beginning, end, null);
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
}
