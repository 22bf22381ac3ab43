package io.celeriac.engine.periodic;

import io.celeriac.contract.schedule.ScheduleDeclaration;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes an application's declaration on a thread of its own. It publishes once the worker runs, and again every day, because the
 * topic keeps a record for thirty days. It tries until the broker takes the declaration. Started once and closed once.
 *
 * <p>Workers that start at the same time publish the same declaration, which does no harm. Of two versions of an application that run
 * at the same time, the one that started last counts: a worker does not repeat its declaration when its source has a different one by
 * then.
 */
public final class Declarer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Declarer.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration AGAIN = Duration.ofHours(24);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ScheduleDeclaration declaration;
    private final BooleanSupplier working;
    private final DeclarationTopic topic;
    private final Duration pause;
    private final Duration again;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "celeriac-declarer");
    private boolean published; // its own thread only
    private boolean hasFailed; // its own thread only

    /**
     * @param working whether the worker runs; asked until it does
     * @throws io.celeriac.contract.rule.InvalidTaskException when the declaration is too large for a record
     */
    public Declarer(ScheduleDeclaration declaration, BooleanSupplier working, DeclarationTopic topic) {
        this(declaration, working, topic, PAUSE, AGAIN);
    }

    Declarer(
            ScheduleDeclaration declaration,
            BooleanSupplier working,
            DeclarationTopic topic,
            Duration pause,
            Duration again) {
        declaration.bytes();
        this.declaration = declaration;
        this.working = working;
        this.topic = topic;
        this.pause = pause;
        this.again = again;
        thread.setDaemon(true);
    }

    /** Starts the thread. Returns at once. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            var wait = LOOK;
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                wait = published || works() ? declare() : LOOK;
            }
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("Closed", e);
        }
    }

    private boolean works() {
        try {
            return working.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.debug("Could not tell whether the worker runs", e);
            return false;
        }
    }

    /** Returns how long to wait before the next time. */
    private Duration declare() throws InterruptedException {
        try {
            if (published && isOverruled()) {
                LOG.info("Another version of {} has declared its schedules since; they are kept", declaration.source());
            } else {
                topic.publish(declaration);
                LOG.info("Declared {} schedules of {}", declaration.schedules().size(), declaration.source());
            }
            published = true;
            hasFailed = false;
            return again;
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) { // of any kind: a dead thread would not try again
            if (!hasFailed) {
                LOG.warn(
                        "The schedules of {} are not declared yet, trying again: {}",
                        declaration.source(),
                        e.toString());
            }
            LOG.debug("Trying again in {}", pause, e);
            hasFailed = true;
            return pause;
        }
    }

    private boolean isOverruled() {
        return topic.last(declaration)
                .filter(last -> !Arrays.equals(last, declaration.bytes()))
                .isPresent();
    }

    /** Ends the thread. A declaration that the broker has not taken by then is published at the next start. */
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
