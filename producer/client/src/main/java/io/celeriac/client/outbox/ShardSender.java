package io.celeriac.client.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Sends the batches of one shard, each in a Kafka transaction that also notes the batch's number. */
final class ShardSender implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> group;
    private final TopicPartition place;
    private final AtomicReference<@Nullable RefusedException> refused = new AtomicReference<>();
    private long underway;
    private long sent;

    /** A record was refused. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        final OutboxRow row;

        private RefusedException(OutboxRow row, Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
            this.row = row;
        }

        private boolean isFinal() {
            return getCause() instanceof RecordTooLargeException
                    || getCause() instanceof InvalidTopicException
                    || getCause() instanceof TopicAuthorizationException;
        }
    }

    /**
     * @param producer with the transactional id of the shard; closed by this object
     * @param group with {@code read_committed} and the group under which the number is noted; reads nothing; closed by this object
     * @param place a partition that exists, under which the number is noted
     */
    ShardSender(Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> group, TopicPartition place) {
        this.producer = producer;
        this.group = group;
        this.place = place;
    }

    /** Fences whoever sent for this shard before, and reads the number of the last batch that was sent. */
    void begin() {
        producer.initTransactions();
        var noted = group.committed(Set.of(place)).get(place);
        sent = noted == null ? 0 : noted.offset();
    }

    /** The number of the last batch that was sent; 0 for none. */
    long sent() {
        return sent;
    }

    /**
     * Begins to send a batch, and does not wait for the broker; {@link #commit} completes it.
     *
     * @throws RefusedException when a record cannot be sent; nothing of the batch is sent then
     * @throws KafkaException when another relay has taken over; this object is of no more use then
     */
    void start(long number, List<OutboxRow> rows) throws RefusedException {
        underway = number;
        refused.set(null);
        attempt(() -> {
            producer.beginTransaction();
            for (var row : rows) {
                // a record that fails makes the records beside it fail with its own reason, but it is told first
                producer.send(record(row), (metadata, error) -> {
                    if (error != null) {
                        refused.compareAndSet(null, new RefusedException(row, error));
                    }
                });
            }
        });
    }

    /**
     * Completes the batch that was begun: all of it is sent, or nothing.
     *
     * @throws RefusedException when a record cannot be sent
     * @throws KafkaException when the broker does not answer, or another relay has taken over; this object is of no more use then
     */
    void commit() throws RefusedException {
        attempt(() -> {
            producer.sendOffsetsToTransaction(Map.of(place, new OffsetAndMetadata(underway)), group.groupMetadata());
            producer.commitTransaction();
        });
        sent = underway;
    }

    private void attempt(Runnable step) throws RefusedException {
        try {
            step.run();
        } catch (KafkaException e) {
            var first = refused.get();
            if (first == null || !first.isFinal()) {
                throw e;
            }
            producer.abortTransaction();
            throw first;
        }
    }

    private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
        var record = new ProducerRecord<>(row.topic(), row.key(), row.payload());
        row.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        group.close(CloseOptions.timeout(CLOSE));
    }
}
