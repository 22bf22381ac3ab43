package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/** Writes records to topics at a constant rate, on a thread of its own, until it is closed. */
final class Background implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(5);
    private static final double NANOS = 1e9;

    private final Thread thread;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * @param record sends the record of a number
     */
    Background(Installation installation, double perSecond, BiConsumer<KafkaProducer<byte[], byte[]>, Long> record) {
        thread = new Thread(() -> run(installation, perSecond, record), "background");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(
            Installation installation, double perSecond, BiConsumer<KafkaProducer<byte[], byte[]>, Long> record) {
        try (var producer = installation.promptProducer()) {
            var begun = System.nanoTime();
            for (var sent = 0L; !closed; ) {
                while (sent < (System.nanoTime() - begun) / NANOS * perSecond) {
                    record.accept(producer, sent++);
                }
                Patience.pause(TICK);
            }
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    /** Ends a measurement during which not all records were sent. */
    void requireNoFailure() {
        if (failure.get() != null) {
            throw new IllegalStateException("the records in the background were not sent", failure.get());
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
