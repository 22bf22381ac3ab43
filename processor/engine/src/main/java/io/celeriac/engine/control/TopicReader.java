package io.celeriac.engine.control;

import io.celeriac.contract.rule.InvalidTaskException;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic of one partition from its beginning, on a thread of its own. Every worker reads the whole topic without a consumer
 * group, because its records are for all workers.
 *
 * <p>A bad record costs at most a line in the log, and the next one is read. A consumer fails when its rights or its brokers are gone for
 * a while; another consumer then continues at the same offset. Until it does, {@link #trouble()} says why, and after the third failure in
 * a row {@link #isDown()} is true.
 */
final class TopicReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration BACKOFF = Duration.ofSeconds(5);
    private static final int TOO_MANY = 3;

    private final TopicPartition partition;
    private final Handling handling;
    private final Runnable afterPoll;
    private final Counter failed;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Duration backoff;
    private final Thread thread;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable String trouble;
    private final AtomicInteger failures = new AtomicInteger(); // in a row
    private final AtomicInteger read = new AtomicInteger(); // polls that have brought records
    private @Nullable Long next; // offset after the last record that was read; the reader's thread only

    /** Does what a record asks for; it may throw anything. */
    @FunctionalInterface
    interface Handling {
        /**
         * @param record with a value
         * @throws InvalidTaskException when the record is not what the topic is for
         */
        void handle(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * @param connection of the cluster
     * @param topic of one partition
     * @param handling gets each record that has a value on the reader's thread, also those from before the start
     * @param afterPoll runs on the reader's thread after each poll
     * @param failed counts the consumers that have failed
     */
    TopicReader(Map<String, Object> connection, String topic, Handling handling, Runnable afterPoll, Counter failed) {
        this(() -> consumer(connection), topic, handling, afterPoll, failed, BACKOFF);
    }

    TopicReader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            String topic,
            Handling handling,
            Runnable afterPoll,
            Counter failed,
            Duration backoff) {
        this.consumers = consumers;
        this.partition = new TopicPartition(topic, 0);
        this.handling = handling;
        this.afterPoll = afterPoll;
        this.failed = failed;
        this.backoff = backoff;
        this.thread = new Thread(this::run, "celeriac-reads-" + topic);
        thread.setDaemon(true);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> connection) {
        var config = new HashMap<>(connection);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Starts, and waits until all earlier records are known.
     *
     * @throws IllegalStateException when nothing comes for {@code patience} and the end is not reached
     */
    void start(Duration patience) throws InterruptedException {
        thread.start();
        var before = 0;
        while (!caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            if (read.get() == before) {
                close();
                throw new IllegalStateException("topic " + partition.topic()
                        + " could not be read to its end: nothing came within " + patience.toSeconds() + " s"
                        + trouble().map(why -> ": " + why).orElse(""));
            }
            before = read.get();
        }
    }

    /** Why the topic cannot be read at the moment; empty while all is well. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Whether three consumers have failed in a row. The reader still tries. */
    boolean isDown() {
        return failures.get() >= TOO_MANY;
    }

    private void run() {
        try {
            do {
                read();
            } while (!closed.await(backoff.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            trouble = "its thread was interrupted";
            failures.set(TOO_MANY);
        }
    }

    /** Returns when the consumer has failed, or the reader is closed. */
    private void read() {
        try (var own = consumers.get()) {
            consumer = own;
            own.assign(List.of(partition));
            seek(own);
            var end = own.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (closed.getCount() > 0) {
                if (own.position(partition) >= end) {
                    caughtUp.countDown();
                }
                var records = own.poll(POLL);
                records.forEach(this::obey);
                if (!records.isEmpty()) {
                    read.incrementAndGet();
                }
                trouble = null;
                failures.set(0);
                afterPoll.run();
            }
        } catch (WakeupException e) {
            LOG.debug("closed", e);
        } catch (RuntimeException | Error e) { // errors too: otherwise nothing would be read any more
            trouble = e.toString();
            failures.incrementAndGet();
            failed.increment();
            LOG.warn(
                    "{} cannot be read, so nothing that it says is carried out; the next try is in {}",
                    partition,
                    backoff,
                    e);
        }
    }

    private void seek(Consumer<?, ?> own) {
        if (next == null) {
            own.seekToBeginning(List.of(partition));
        } else {
            own.seek(partition, next);
        }
    }

    /** Does what a record asks for. A failure is only logged, because an exception would cost the consumer. */
    private void obey(ConsumerRecord<byte[], byte[]> record) {
        next = record.offset() + 1;
        if (record.value() == null) {
            return; // deleted
        }
        try {
            handling.handle(record);
        } catch (InvalidTaskException e) {
            LOG.warn("record {}/{} is skipped: {}", partition, record.offset(), e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("what record {}/{} asks for was not carried out", partition, record.offset(), e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        var own = consumer;
        if (own != null) {
            own.wakeup();
        }
    }
}
