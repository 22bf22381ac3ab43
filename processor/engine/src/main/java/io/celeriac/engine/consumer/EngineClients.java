package io.celeriac.engine.consumer;

import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.Sender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka clients of Streams. The main consumer is behind a {@link ConsumerGate}. The producer knows how much it
 * has published, how much of that was flushed, and how many of its records have failed. One instance per {@code KafkaStreams}.
 */
public final class EngineClients implements KafkaClientSupplier, Published {

    /** Where {@link StreamsProtocolConsumer} finds its {@link EngineClients}. */
    static final String SELF = "celeriac.engine.clients";

    private static final Logger LOG = LoggerFactory.getLogger(EngineClients.class);
    private static final ByteArrayDeserializer DESERIALIZER = new ByteArrayDeserializer();

    private final InstantSource clock;
    private final Duration drainTimeout;
    private final Duration sessionTimeout;
    private final ConcurrentMap<String, BarrierProducer> producers = new ConcurrentHashMap<>();
    private volatile Runnable beforeReset = () -> {};

    /**
     * @param drainTimeout how long a revocation waits for running attempts
     * @param sessionTimeout after how long a silence the group considers a worker dead
     */
    public EngineClients(InstantSource clock, Duration drainTimeout, Duration sessionTimeout) {
        this.clock = clock;
        this.drainTimeout = drainTimeout;
        this.sessionTimeout = sessionTimeout;
    }

    /**
     * The configuration that Streams needs with {@code group.protocol=streams}, where it builds the main consumer itself and
     * never calls {@link #getConsumer}.
     */
    public Map<String, Object> streamsProtocol() {
        return Map.of(
                StreamsConfig.mainConsumerPrefix(StreamsConfig.InternalConfig.INTERNAL_CONSUMER_WRAPPER),
                StreamsProtocolConsumer.class,
                StreamsConfig.mainConsumerPrefix(SELF),
                this);
    }

    /**
     * @param listener run on a stream thread before it goes to the beginning of partitions, because it has no offset in them or one that
     *     does not exist any more
     */
    public void beforeReset(Runnable listener) {
        beforeReset = listener;
    }

    ConsumerGate gateBefore(Consumer<byte[], byte[]> consumer) {
        var gate = new ConsumerGate(consumer, clock, drainTimeout, sessionTimeout, () -> ofThread().count);
        gate.beforeReset(() -> beforeReset.run());
        return gate;
    }

    /** Whether a stream thread failed because it was about to commit over tasks that are not logged. */
    public static boolean isCommitGuard(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CommitGuard.Violation) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        var producer = new BarrierProducer(config, clock);
        producers.put(String.valueOf(config.get(ProducerConfig.CLIENT_ID_CONFIG)), producer);
        return producer;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return gateBefore(consumer(config)).gated();
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public long sent() {
        return ofThread().published.get();
    }

    @Override
    public void flush() {
        ofThread().flushAll();
    }

    @Override
    public void flushPublished(long count) {
        ofThread().flushPublished(count);
    }

    @Override
    public long failures() {
        return ofThread().failures.get();
    }

    @Override
    public @Nullable Sender sender() {
        var producer = ofThread();
        return producer.isTransactional ? null : producer::send;
    }

    private BarrierProducer ofThread() {
        var producer = producers.get(Thread.currentThread().getName() + "-producer");
        if (producer == null) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName() + " has no producer of ours");
        }
        return producer;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, DESERIALIZER, DESERIALIZER);
    }

    private static final class BarrierProducer extends KafkaProducer<byte[], byte[]> {

        private final InstantSource clock;
        private final boolean isTransactional;
        private final AtomicLong failures = new AtomicLong();
        private final AtomicLong published = new AtomicLong(); // counts a record once it is with the producer
        private long flushed; // of the published ones; belongs to the stream thread, as all below
        private long count; // of what Streams has sent
        private long flushedCount;
        private Map<TopicPartition, OffsetAndMetadata> inTransaction = Map.of();

        BarrierProducer(Map<String, Object> config, InstantSource clock) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
            this.clock = clock;
            isTransactional = config.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        }

        /** Called by Streams. */
        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            count++;
            if (record.topic().endsWith("-changelog")) {
                return super.send(record, callback);
            }
            var sending = super.send(record, (metadata, error) -> {
                if (error != null) {
                    failures.incrementAndGet();
                }
                if (callback != null) {
                    callback.onCompletion(metadata, error);
                }
            });
            published.incrementAndGet();
            return sending;
        }

        /** Called on any thread. */
        void send(OutboundRecord record, Runnable whenDurable) {
            var unused = super.send(
                    new ProducerRecord<>(
                            record.topic(),
                            null,
                            clock.millis(),
                            record.key(),
                            record.value(),
                            new RecordHeaders(record.headers())),
                    (metadata, error) -> {
                        if (error == null) {
                            whenDurable.run();
                        } else {
                            failures.incrementAndGet();
                            LOG.warn("a record for topic {} was not published", record.topic(), error);
                        }
                    });
            published.incrementAndGet();
        }

        /** Waits for what Streams has sent. It calls this for each partition, and mostly in vain. */
        @Override
        public void flush() {
            if (flushedCount != count) {
                flushAll();
            }
        }

        void flushPublished(long first) {
            if (flushed < first) {
                flushAll();
            }
        }

        private void flushAll() {
            var publishedBefore = published.get();
            super.flush();
            flushed = publishedBefore;
            flushedCount = count;
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
            var gate = ConsumerGate.ofThread();
            if (gate == null) {
                super.sendOffsetsToTransaction(offsets, group);
                return;
            }
            var checked = gate.checked(offsets);
            if (!gate.isCommitted(
                    checked)) { // a transaction without offsets and records ends without a request to the broker
                super.sendOffsetsToTransaction(checked, group);
                inTransaction = checked;
            }
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            var gate = ConsumerGate.ofThread();
            if (gate != null) {
                gate.committed(inTransaction);
            }
            inTransaction = Map.of();
        }

        @Override
        public void abortTransaction() {
            inTransaction = Map.of();
            super.abortTransaction();
        }
    }
}
