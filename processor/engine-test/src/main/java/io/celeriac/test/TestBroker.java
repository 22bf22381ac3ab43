package io.celeriac.test;

import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A broker in memory: takes each record at once, and then passes it on in the thread of the sender. */
final class TestBroker extends MockProducer<byte[], byte[]> {

    /** Gets the records that were taken. */
    @FunctionalInterface
    interface Reader {
        void read(ProducerRecord<byte[], byte[]> record, long offset);
    }

    private final Reader reader;
    private volatile @Nullable RuntimeException refusal;

    TestBroker(Reader reader) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.reader = reader;
    }

    /** Refuses records from now on; null to take them again. */
    void refuse(@Nullable RuntimeException newRefusal) {
        refusal = newRefusal;
    }

    /** Not synchronized: a task that runs in this thread must not keep other threads from sending. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        var refused = refusal;
        if (refused != null) {
            throw refused;
        }
        return take(record, callback);
    }

    /** Takes a record of the worker, which has its broker in any case. */
    void sendAnyway(ProducerRecord<byte[], byte[]> record) {
        take(record, null);
    }

    private Future<RecordMetadata> take(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        var offset = new long[1];
        var taken = super.send(record, (metadata, error) -> {
            offset[0] = metadata.offset();
            if (callback != null) {
                callback.onCompletion(metadata, error);
            }
        });
        reader.read(record, offset[0]);
        return taken;
    }
}
