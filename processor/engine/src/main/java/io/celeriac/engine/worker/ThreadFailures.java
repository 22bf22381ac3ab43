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
 * The failures of a queue's stream threads that came in a row. A thread that has failed is replaced, and its successor may fail of the same at
 * once: each one waits longer than the last, and after the third the queue is down, until its threads have worked for a while and
 * have moved on. Safe for use by several threads.
 */
final class ThreadFailures {

    private static final int TOO_MANY = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Longer than a send may block and then fail, or a failure that takes its time would look like success. */
    private static final Duration CALM = Duration.ofMinutes(2);

    /** After which a partition that does not move is not for that one that fails: it may have enough tasks. */
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
     * @param threads how many may fail of one cause at once
     */
    ThreadFailures(int threads, InstantSource clock) {
        this.threads = threads;
        this.clock = clock;
    }

    /** Answers how long the successor is to wait: not at all after the first failure, and half a minute at most. */
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

    /** The failure, and what it came of. */
    private static String told(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? failure.toString() : failure + ", because of " + root;
    }

    /** No thread comes after this. */
    synchronized void stopped(Throwable failure) {
        failed(failure);
        stopped = true;
    }

    /** Returns after the pause, or when the worker closes. On the thread that has failed. */
    void await(Duration pause) {
        try {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets those that wait go on. */
    void close() {
        closed.countDown();
    }

    /** Whether {@link #look} is of use. */
    synchronized boolean areAny() {
        return inARow > 0 && !stopped;
    }

    /**
     * Forgets them when the threads have worked since, and got on.
     *
     * @param now where the queue is
     * @param running whether it is worked on
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

    /** Whether there were too many, so that the queue is not worked on. */
    synchronized boolean areTooMany() {
        return stopped || inARow >= TOO_MANY * threads;
    }

    /** What the last thread failed of; empty when all is well. */
    synchronized Optional<String> reason() {
        return Optional.ofNullable(reason)
                .map(why -> stopped ? "stopped: " + why : inARow + " failures in a row, the last: " + why);
    }
}
