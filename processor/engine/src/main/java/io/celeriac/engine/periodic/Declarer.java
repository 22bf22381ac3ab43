package io.celeriac.engine.periodic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.ScheduleDeclaration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes an application's declaration on a thread of its own: once the worker runs, and again every day, as the topic keeps a
 * record for seven. It tries until the broker takes it. Workers that start at once publish the same, which does no harm.
 */
public final class Declarer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Declarer.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofHours(24);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String topic;
    private final ScheduleDeclaration declaration;
    private final byte[] value;
    private final BooleanSupplier running;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Duration pause;
    private final Duration again;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    /**
     * @param topic the control topic
     * @param running whether the worker runs; asked until it does
     * @param producers makes one for each time, which is closed afterwards
     * @throws io.celeriac.contract.InvalidTaskException when the declaration is too large for a record
     */
    public Declarer(
            String topic,
            ScheduleDeclaration declaration,
            BooleanSupplier running,
            Supplier<Producer<byte[], byte[]>> producers) {
        this(topic, declaration, running, producers, PAUSE, AGAIN);
    }

    Declarer(
            String topic,
            ScheduleDeclaration declaration,
            BooleanSupplier running,
            Supplier<Producer<byte[], byte[]>> producers,
            Duration pause,
            Duration again) {
        this.topic = topic;
        this.declaration = declaration;
        this.value = declaration.bytes();
        this.running = running;
        this.producers = producers;
        this.pause = pause;
        this.again = again;
    }

    /** Begins; answers at once. */
    public synchronized void start() {
        var started = new Thread(this::run, "celeriac-declarer");
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void run() {
        try {
            var wait = LOOK;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                wait = !running.getAsBoolean() ? LOOK : publish() ? again : pause;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean publish() throws InterruptedException {
        var key = declaration.key().getBytes(UTF_8);
        try {
            var producer = producers.get();
            try {
                producer.send(new ProducerRecord<>(topic, key, value)).get();
            } finally {
                producer.close(Duration.ZERO); // the record has been answered
            }
            LOG.info(
                    "{} has declared {} schedules",
                    declaration.source(),
                    declaration.schedules().size());
            return true;
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (org.apache.kafka.common.errors.InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (KafkaException e) {
            return failed(e);
        }
    }

    private boolean failed(@Nullable Throwable error) {
        LOG.warn("the schedules of {} are not declared yet; tried again in {}: {}", declaration.source(), pause, error);
        return false;
    }

    /** Ends; what the broker has not taken by then is published at the next start. */
    @Override
    public synchronized void close() {
        closed.countDown();
        var running = thread;
        thread = null;
        if (running != null) {
            running.interrupt();
            try {
                running.join(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
