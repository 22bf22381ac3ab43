package io.celeriac.engine.worker;

import io.celeriac.engine.topic.QueueOffsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failures in a row of a queue's stream threads. Safe for use by several threads.
 *
 * <p>A failed thread is replaced, and its successor may fail at once for the same reason. So each round of failures waits longer than
 * the last; a round has as many failures as the queue has threads. After three rounds the queue is down. The failures are forgotten once
 * the threads have worked for a while.
 */
final class ThreadFailures {

    private static final int TOO_MANY = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Longer than a send may block and then fail; otherwise a slow failure would look like success. */
    private static final Duration CALM = Duration.ofMinutes(2);

    /** After this time even a queue with a partition that does not move counts as working: the partition may have enough tasks. */
    private static final Duration LONG_CALM = CALM.multipliedBy(5);

    private final int threads;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);
    private int inARow;
    private @Nullable Instant last;
    private @Nullable String reason;
    private @Nullable QueueOffsets places;
    private boolean stopped;

    /**
     * @param threads number of stream threads, which may all fail at once for the same reason
     */
    ThreadFailures(int threads, InstantSource clock) {
        this.threads = threads;
        this.clock = clock;
    }

    /** Returns how long the successor waits. It does not wait in the first round of failures, and half a minute at most. */
    synchronized Duration failed(Throwable failure) {
        inARow++;
        last = clock.instant();
        places = null;
        reason = told(failure);
        var rounds = (inARow - 1) / threads;
        return rounds == 0 ? Duration.ZERO : shorter(FIRST_PAUSE.multipliedBy(1L << Math.min(rounds - 1, 10)));
    }

    private static Duration shorter(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** The failure and its root cause. */
    private static String told(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? failure.toString() : failure + ", because of " + root;
    }

    /** Notes a failure after which no thread is replaced. */
    synchronized void stopped(Throwable failure) {
        failed(failure);
        stopped = true;
    }

    /** Waits for the pause, or until the worker closes. Called on the failed thread. */
    void await(Duration pause) {
        try {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all pauses. */
    void close() {
        closed.countDown();
    }

    /** Whether {@link #look} is of use. */
    synchronized boolean areAny() {
        return inARow > 0 && !stopped;
    }

    /**
     * Forgets the failures when the threads have worked since. That takes two minutes if every partition has moved on or is read to its
     * end, otherwise ten.
     *
     * @param now the offsets of the queue
     * @param running whether the queue is worked on
     */
    synchronized void look(QueueOffsets now, boolean running) {
        var before = places;
        if (stopped || last == null) {
            return;
        }
        if (before == null) {
            places = now;
            return;
        }
        var calm = Duration.between(last, clock.instant());
        if (running && calm.compareTo(now.isBeyond(before) ? CALM : LONG_CALM) >= 0) {
            inARow = 0;
            reason = null;
            last = null;
            places = null;
        }
    }

    /** Whether there were so many failures that the queue is down. */
    synchronized boolean areTooMany() {
        return stopped || inARow >= TOO_MANY * threads;
    }

    /** The reason of the last failure; empty when all is well. */
    synchronized Optional<String> reason() {
        return Optional.ofNullable(reason)
                .map(why -> stopped ? "stopped: " + why : inARow + " failures in a row, the last: " + why);
    }
}
