package io.celeriac.web.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that takes one turn after the other until it is closed. An exception of a turn does not end it: it waits for a
 * moment, longer each time, and takes the next turn. {@link #trouble()} tells when three turns in a row have failed, or a
 * turn does not end.
 */
public final class Loop {

    /** The number of failed turns in a row that counts as trouble. */
    public static final int FAILURES_IN_A_ROW = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_TURN = Duration.ofMinutes(1);

    private final String name;
    private final Turn turn;
    private final Runnable atEnd;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicLong failures = new AtomicLong();
    private volatile int inARow;
    private volatile @Nullable Throwable last;
    private volatile long begun = System.nanoTime();
    private volatile boolean started;

    /** The work that is repeated. */
    @FunctionalInterface
    public interface Turn {

        /** Returns within seconds. */
        void take() throws InterruptedException;
    }

    /**
     * @param name of the thread
     * @param atEnd runs on the thread once it is closed
     */
    public Loop(String name, Turn turn, Runnable atEnd) {
        this.name = name;
        this.turn = turn;
        this.atEnd = atEnd;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts the thread. Only once. */
    public void start() {
        started = true;
        begun = System.nanoTime();
        thread.start();
    }

    /** Ends the loop after the present turn. */
    public void end() {
        closed.countDown();
    }

    public boolean isEnding() {
        return closed.getCount() == 0;
    }

    /** Waits until the present turn is over, but not longer than this. */
    public void join(Duration patience) {
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public String name() {
        return name;
    }

    /** Turns that have failed since the start. */
    public long failures() {
        return failures.get();
    }

    /** Why it does not do its work; empty while it does. */
    public Optional<String> trouble() {
        if (!started || isEnding()) {
            return Optional.empty();
        }
        if (!thread.isAlive()) {
            return Optional.of("its thread has ended");
        }
        if (inARow >= FAILURES_IN_A_ROW) {
            return Optional.of("failed " + inARow + " times in a row: " + last);
        }
        var seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        return seconds > LONGEST_TURN.toSeconds()
                ? Optional.of("its present turn began " + seconds + " s ago")
                : Optional.empty();
    }

    private void run() {
        try {
            while (!isEnding()) {
                takeTurn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            atEnd.run();
        }
    }

    private void takeTurn() throws InterruptedException {
        begun = System.nanoTime();
        try {
            turn.take();
            inARow = 0;
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) { // the next turn may succeed, whatever this error is
            if (!isEnding()) {
                failed(e);
            }
        }
    }

    private void failed(Throwable e) throws InterruptedException {
        failures.incrementAndGet();
        last = e;
        var row = inARow + 1; // counted by this thread only
        inARow = row;
        var pause = Math.min(LONGEST_PAUSE.toMillis(), SHORTEST_PAUSE.toMillis() << Math.min(row - 1, 10));
        LOG.warn("{} failed, {} times in a row, and tries again in {} ms", name, row, pause, e);
        if (closed.await(pause, TimeUnit.MILLISECONDS)) {
            LOG.debug("{} ends", name);
        }
    }
}
