package io.celeriac.beat.loop;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats one action on its own thread, until it is stopped.
 *
 * <pre>
 * turn ends        waits as long as the turn says, and turns again
 * turn throws      counts it, logs it once, waits half a second, longer each time up to ten, and turns again
 * three in a row   is in trouble, until a turn succeeds
 * interrupted      the same as thrown
 * </pre>
 */
public final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int TROUBLE = 3;

    private final String name;
    private final Turn turn;
    private final Runnable atEnd;
    private final Counter failures;
    private CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable String trouble;
    private int inARow; // the loop's thread only

    /** The repeated action. */
    @FunctionalInterface
    public interface Turn {

        /**
         * One turn.
         *
         * @return how long to wait before the next
         */
        Duration run() throws Exception;
    }

    Loop(String name, Turn turn, Runnable atEnd, Counter failures) {
        this.name = name;
        this.turn = turn;
        this.atEnd = atEnd;
        this.failures = failures;
    }

    /** The name of its thread. */
    public String name() {
        return name;
    }

    /** Why it cannot continue, if three turns in a row failed and none has succeeded since. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Starts on a new thread. */
    public synchronized void start() {
        stop = new CountDownLatch(1);
        var signal = stop;
        var started = new Thread(() -> turnUntil(signal), name);
        started.setDaemon(true);
        started.start();
        thread = started;
    }

    private void turnUntil(CountDownLatch signal) {
        while (!hasEnded(signal)) {}
        atEnd.run();
    }

    /** Survives errors in the handling of a failure too, such as a lack of memory. */
    private boolean hasEnded(CountDownLatch signal) {
        try {
            return signal.await(turned(signal).toNanos(), TimeUnit.NANOSECONDS);
        } catch (Throwable e) {
            return signal.getCount() == 0;
        }
    }

    private Duration turned(CountDownLatch signal) {
        try {
            var wait = turn.run();
            succeeded();
            return wait;
        } catch (Throwable e) {
            return signal.getCount() == 0 ? Duration.ZERO : failed(e);
        }
    }

    private void succeeded() {
        if (inARow > 0) {
            LOG.info("{} goes on", name);
        }
        inARow = 0;
        trouble = null;
    }

    private Duration failed(Throwable error) {
        inARow++;
        failures.increment();
        if (inARow >= TROUBLE) {
            trouble = error.toString().lines().findFirst().orElse("");
        }
        if (inARow == 1 || inARow == TROUBLE) {
            LOG.error("A turn of {} failed, for the {}. time in a row; it tries again", name, inARow, error);
        } else {
            LOG.debug("A turn of {} failed, for the {}. time in a row", name, inARow, error);
        }
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(inARow - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Ends it after the current turn, without waiting; see {@link #join}. */
    public synchronized void stop() {
        stop.countDown();
    }

    /**
     * Waits until it has ended.
     *
     * @return whether it has
     */
    public boolean join(Duration patience) throws InterruptedException {
        var running = running();
        if (running != null) {
            running.join(Math.max(1, patience.toMillis()));
        }
        return running == null || !running.isAlive();
    }

    private synchronized @Nullable Thread running() {
        return thread;
    }

    /** Whether its thread is alive. */
    public boolean isRunning() {
        var running = running();
        return running != null && running.isAlive();
    }
}
