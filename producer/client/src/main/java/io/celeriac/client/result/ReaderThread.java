package io.celeriac.client.result;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread with a consumer that runs while there is work. It starts with the first work, makes a new consumer after each failure,
 * with a growing pause, and ends when there has been no work for a while.
 */
abstract class ReaderThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderThread.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private volatile @Nullable String failure;

    ReaderThread(String name, Supplier<? extends Consumer<byte[], byte[]>> consumers) {
        this.name = name;
        this.consumers = consumers;
    }

    /** Reads until there is nothing more to do, or {@link #isClosed()}. A failure is followed by another call. */
    abstract void read(Consumer<byte[], byte[]> consumer);

    /** Whether the thread may end. Called while no work can be added. */
    abstract boolean isDone();

    /** Called when the thread has ended. No work can be added meanwhile. */
    void ended() {}

    /** Starts the thread, unless it runs. To be called after the work was added. */
    final synchronized void ensureRunning() {
        if (thread == null && !isClosed()) {
            var started = new Thread(this::run, "celeriac-results-" + name);
            started.setDaemon(true);
            thread = started;
            started.start();
        }
    }

    final boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** The failure of the last try to read; empty when it went well. */
    final Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** To be called after each answer of the broker. */
    final void succeeded() {
        failure = null;
    }

    private void run() {
        var pause = FIRST_PAUSE;
        do {
            try (var consumer = consumers.get()) {
                current = consumer;
                read(consumer);
                pause = FIRST_PAUSE;
            } catch (WakeupException | InterruptException e) {
                LOG.debug("The reader of results is asked to stop", e);
            } catch (RuntimeException e) {
                pause = failure == null ? FIRST_PAUSE : longer(pause);
                failure = String.valueOf(e.getMessage());
                LOG.warn("Cannot read results, will try again in {}: {}", pause, e.toString());
                await(pause);
            } finally {
                current = null;
            }
        } while (!hasEnded());
    }

    private static Duration longer(Duration pause) {
        var doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    private synchronized boolean hasEnded() {
        if (!isClosed() && !isDone()) {
            return false;
        }
        thread = null;
        failure = null;
        ended();
        return true;
    }

    private void await(Duration pause) {
        try {
            closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            close();
        }
    }

    @Override
    public final void close() {
        closed.countDown();
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(CLOSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
