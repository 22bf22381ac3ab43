package io.celeriac.engine.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the heartbeats of this worker, on a thread of its own. A heartbeat that cannot be sent is lost, and the next one is tried: it
 * says all that the lost one said. Started once and closed once.
 */
public final class HeartbeatSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final String topic;
    private final Supplier<Heartbeat> heartbeats;
    private final Duration interval;
    private final Counter failed;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "celeriac-heartbeat");
    private volatile boolean closed;
    private volatile boolean isFailing;
    private @Nullable Producer<byte[], byte[]> producer; // its own thread only

    /**
     * @param producers makes the client; it is closed at the end
     * @param heartbeats makes a heartbeat of what is now; may wait for about a second
     * @param interval the longest time between two heartbeats
     * @param failed counts the heartbeats that could not be sent
     */
    public HeartbeatSender(
            Supplier<Producer<byte[], byte[]>> producers,
            String topic,
            Supplier<Heartbeat> heartbeats,
            Duration interval,
            Counter failed) {
        this.producers = producers;
        this.topic = topic;
        this.heartbeats = heartbeats;
        this.interval = interval;
        this.failed = failed;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Sends a heartbeat at once, because something has changed that others wait for. Any thread; does not wait. */
    public void changed() {
        changes.release();
    }

    private void run() {
        try {
            while (!closed) {
                beat();
                if (changes.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    changes.drainPermits();
                }
            }
            beat(); // the last one says that the worker has stopped
        } catch (InterruptedException e) {
            LOG.debug("Closed", e);
        } finally {
            if (producer != null) {
                producer.close(PATIENCE);
            }
        }
    }

    /** Survives errors too: otherwise the worker would seem lost although it works. */
    private void beat() {
        try {
            if (producer == null) {
                producer = producers.get();
            }
            var heartbeat = heartbeats.get();
            var value = TaskJson.bytes(heartbeat);
            producer.send(
                    new ProducerRecord<>(topic, heartbeat.id().getBytes(UTF_8), value),
                    (metadata, error) -> sent(error));
        } catch (RuntimeException | Error e) {
            sent(e);
        }
    }

    private void sent(@Nullable Throwable error) {
        if (error == null) {
            if (isFailing) {
                LOG.info("heartbeats are sent again");
            }
            isFailing = false;
            return;
        }
        failed.increment();
        if (!isFailing) {
            LOG.warn(
                    "no heartbeat could be sent to {}, so this worker may be shown as lost: {}",
                    topic,
                    error.toString());
        }
        LOG.debug("not sent", error);
        isFailing = true;
    }

    /** Sends a last heartbeat. Blocks for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        changes.release();
        try {
            thread.join(PATIENCE.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
