package io.celeriac.client.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.client.outbox.ShardSender.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShardSenderTest {

    private static final TopicPartition PLACE = new TopicPartition("control", 0);

    private final FailingProducer producer = new FailingProducer();
    private final MockConsumer<byte[], byte[]> group = new MockConsumer<>("earliest");
    private final ShardSender sender = new ShardSender(producer, group, PLACE);

    @AfterEach
    void closes() {
        sender.close();
    }

    /** Kafka's client fails the records of an ended transaction with the reason of the one that ended it. */
    @Test
    void blamesTheRecordThatWasRefusedAndNotThoseThatFailedWithIt() throws RefusedException {
        sender.begin();
        producer.refuse("large", new RecordTooLargeException("1,500,192 bytes"));

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> send(1, List.of(row(1, "before"), row(2, "large"), row(3, "after"))))
                .satisfies(refused -> assertThat(refused.row.taskId()).isEqualTo("large"));
        assertThat(sender.sent()).isZero();

        send(1, List.of(row(1, "before"), row(3, "after")));
        assertThat(producer.history())
                .extracting(record -> new String(record.key(), UTF_8))
                .containsExactly("before", "after");
        assertThat(sender.sent()).isEqualTo(1);
    }

    @Test
    void blamesNoRecordForAFailureThatPasses() {
        sender.begin();
        producer.refuse("one", new NotLeaderOrFollowerException("moved"));

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> send(1, List.of(row(1, "one"), row(2, "two"))));
        assertThat(sender.sent()).isZero();
    }

    private void send(long number, List<OutboxRow> rows) throws RefusedException {
        sender.start(number, rows);
        sender.commit();
    }

    private static OutboxRow row(long id, String name) {
        return new OutboxRow(id, "tasks", name.getBytes(UTF_8), new byte[] {1}, Map.of(), name);
    }

    /** Fails a record, the transaction, and the records that were sent before it. */
    private static final class FailingProducer extends MockProducer<byte[], byte[]> {

        private @Nullable String refused;
        private RuntimeException why = new IllegalStateException();
        private final List<Callback> before = new ArrayList<>();
        private boolean failed;

        FailingProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        void refuse(String key, RuntimeException newWhy) {
            refused = key;
            why = newWhy;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (failed) {
                throw new KafkaException("in error state", why);
            }
            if (new String(record.key(), UTF_8).equals(refused)) {
                failed = true;
                callback.onCompletion(null, why);
                before.forEach(each -> each.onCompletion(null, why));
                return CompletableFuture.failedFuture(why);
            }
            before.add(callback);
            return super.send(record, (metadata, error) -> {});
        }

        @Override
        public void abortTransaction() {
            failed = false;
            refused = null;
            before.clear();
            super.abortTransaction();
        }
    }
}
