package io.celeriac.gateway.submission;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of transactional producers, each for one batch at a time. A producer is created on first use. It is replaced after a
 * transaction whose outcome is not known: its successor has the same transactional id, by which the broker ends that
 * transaction.
 */
final class BatchProducers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BatchProducers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int BUFFER_BYTES = 16 << 20;
    private static final int TRANSACTION_TIMEOUT_MILLIS = 30_000;

    private final BlockingQueue<Slot> free;
    private final Function<String, Producer<byte[], byte[]>> producers;
    private volatile boolean closed;

    /** The place of one producer, which may be absent. For one thread at a time. */
    static final class Slot {
        private final String transactionalId;
        private @Nullable Producer<byte[], byte[]> producer;

        private Slot(String transactionalId) {
            this.transactionalId = transactionalId;
        }
    }

    /** Work with a producer, which has no open transaction before and after. */
    @FunctionalInterface
    interface Work<T> {

        /**
         * @throws UnusableException when the producer can no longer be used
         */
        T with(Producer<byte[], byte[]> producer);
    }

    /** The producer may have an open transaction, which its successor ends. */
    static final class UnusableException extends KafkaException {
        private static final long serialVersionUID = 1L;
        private final boolean committed;

        /**
         * @param committed true: its transaction may have been committed; false: it never will be
         */
        UnusableException(boolean committed, Throwable cause) {
            super(cause);
            this.committed = committed;
        }

        boolean mayBeCommitted() {
            return committed;
        }
    }

    /**
     * @param producers creates a producer with a transactional id
     * @param ids prefix of the transactional ids
     * @param most at once
     */
    BatchProducers(Function<String, Producer<byte[], byte[]>> producers, String ids, int most) {
        this.producers = producers;
        free = new ArrayBlockingQueue<>(most);
        for (var number = 0; number < most; number++) {
            free.add(new Slot(ids + "." + number));
        }
    }

    /**
     * Creates a pool of Kafka producers.
     *
     * @param config of a producer; acks, idempotence, transactions, serializers and the size of the buffer are replaced
     */
    static BatchProducers of(Map<String, Object> config, String ids, int most) {
        var own = new HashMap<>(config);
        own.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        own.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        own.put(ProducerConfig.ACKS_CONFIG, "all");
        own.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        own.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        own.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        Function<String, Producer<byte[], byte[]>> open = id -> {
            var mine = new HashMap<>(own);
            mine.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
            return new KafkaProducer<>(mine);
        };
        return new BatchProducers(open, ids + "." + UUID.randomUUID(), most);
    }

    /**
     * Does work with a producer; waits up to two seconds for one that others use.
     *
     * @throws ProblemException when no producer becomes free
     * @throws KafkaException when the broker does not answer, or from the work
     */
    <T> T use(Work<T> work) {
        var slot = take();
        try {
            return work.with(open(slot));
        } catch (UnusableException e) {
            drop(slot);
            throw e;
        } finally {
            free.add(slot);
            if (closed) {
                close();
            }
        }
    }

    private Slot take() {
        try {
            var slot = free.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (slot == null) {
                throw ProblemException.busy("other batches are being sent", PATIENCE);
            }
            return slot;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.busy("the gateway is about to stop", PATIENCE);
        }
    }

    private Producer<byte[], byte[]> open(Slot slot) {
        var ready = slot.producer;
        if (ready == null) {
            ready = producers.apply(slot.transactionalId);
            slot.producer = ready;
            try {
                ready.initTransactions();
            } catch (RuntimeException e) {
                drop(slot);
                throw e;
            }
        }
        return ready;
    }

    private static void drop(Slot slot) {
        var old = slot.producer;
        slot.producer = null;
        if (old != null) {
            try {
                old.close(Duration.ZERO);
            } catch (KafkaException e) {
                LOG.debug("a producer was not closed properly", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var slot = free.poll(); slot != null; slot = free.poll()) {
            drop(slot);
        }
    }
}
