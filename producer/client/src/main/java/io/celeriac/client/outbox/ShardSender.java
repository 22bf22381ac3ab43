package io.celeriac.client.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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

    /** A record that cannot be sent, whatever is tried. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        final OutboxRow row;

        private RefusedException(OutboxRow row, Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
            this.row = row;
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

    /**
     * Fences whoever sent for this shard before.
     *
     * @return the number of the last batch that was sent; 0 for none
     */
    long begin() {
        producer.initTransactions();
        var noted = group.committed(Set.of(place)).get(place);
        return noted == null ? 0 : noted.offset();
    }

    /**
     * Sends a batch: all of it or nothing. After an exception this object is of no more use.
     *
     * @throws RefusedException when a record cannot be sent
     * @throws KafkaException when the broker does not answer, or another relay has taken over
     */
    void send(long number, List<OutboxRow> rows) throws RefusedException {
        var sent = new ArrayList<Future<?>>(rows.size());
        try {
            producer.beginTransaction();
            for (var row : rows) {
                sent.add(producer.send(record(row)));
            }
            producer.sendOffsetsToTransaction(Map.of(place, new OffsetAndMetadata(number)), group.groupMetadata());
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw refused(rows, sent, e);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(OutboxRow row) {
        var record = new ProducerRecord<>(row.topic(), row.key(), row.payload());
        row.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return record;
    }

    private static RefusedException refused(List<OutboxRow> rows, List<Future<?>> sent, KafkaException failure)
            throws RefusedException {
        for (int i = 0; i < sent.size(); i++) {
            var error = error(sent.get(i));
            if (error instanceof RecordTooLargeException
                    || error instanceof InvalidTopicException
                    || error instanceof TopicAuthorizationException) {
                return new RefusedException(rows.get(i), error);
            }
        }
        throw failure;
    }

    private static @Nullable Throwable error(Future<?> sent) {
        if (!sent.isDone()) {
            return null;
        }
        try {
            sent.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE);
        group.close(CloseOptions.timeout(CLOSE));
    }
}
