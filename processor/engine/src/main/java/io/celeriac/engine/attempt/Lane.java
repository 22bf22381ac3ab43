package io.celeriac.engine.attempt;

import java.time.Duration;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the stream thread of a partition and the attempts' threads meet: attempts go in by priority, then in the order of
 * their records, and reports come out. A new one is made each time the partition is taken over.
 *
 * <p>Safe for use by several threads.
 */
public final class Lane {

    private static final Comparator<Attempt> BY_PRIORITY = Comparator.comparingInt(
                    (Attempt attempt) -> -attempt.task().priorityOrDefault())
            .thenComparingLong(attempt -> attempt.origin().offset());

    private enum Phase {
        OPEN,
        DRAINING,
        CLOSED
    }

    private final Runnable signal;
    private final Queue<Attempt> ready = new PriorityBlockingQueue<>(64, BY_PRIORITY);
    private final Queue<String> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<Report> reports = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private volatile Phase phase = Phase.OPEN;
    private int running; // guarded by lock

    /**
     * @param signal wakes the stream thread; called on any thread, after each report
     */
    public Lane(Runnable signal) {
        this.signal = signal;
    }

    void add(Attempt attempt) {
        if (phase == Phase.OPEN) {
            ready.add(attempt);
        }
    }

    boolean hasReady() {
        return phase == Phase.OPEN && !ready.isEmpty();
    }

    /** The next attempt, counted as running until {@link #ended}; null when there is none, or nothing may begin. */
    @Nullable
    Attempt begin() {
        lock.lock();
        try {
            var attempt = phase == Phase.OPEN ? ready.poll() : null;
            running += attempt == null ? 0 : 1;
            return attempt;
        } finally {
            lock.unlock();
        }
    }

    /** An attempt of this lane has ended; its last report has been given. */
    void ended() {
        lock.lock();
        try {
            running--;
        } finally {
            lock.unlock();
        }
        signalIfIdle();
    }

    private void signalIfIdle() {
        lock.lock();
        try {
            if (running == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over an attempt that began in an earlier lane of the same partition.
     *
     * @return false when this one is closed itself
     */
    boolean join() {
        lock.lock();
        try {
            if (phase == Phase.CLOSED) {
                return false;
            }
            running++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /**
     * Passes a report to the stream thread.
     *
     * @return false when nobody will read it, because the partition has gone: it is then up to its new owner
     */
    boolean report(Report report) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        reports.add(report);
        signal.run();
        return true;
    }

    /** The next report; null for none. */
    public @Nullable Report poll() {
        var report = reports.poll();
        if (report == null && phase == Phase.DRAINING) {
            signalIfIdle();
        }
        return report;
    }

    /** Tells the stream thread that a task was revoked. */
    void revoke(String id) {
        revoked.add(id);
        signal.run();
    }

    /** The id of the next task that was revoked; null for none. */
    public @Nullable String pollRevoked() {
        return revoked.poll();
    }

    /**
     * Takes an attempt back that has not begun.
     *
     * @return whether it was still waiting
     */
    public boolean withdraw(String id) {
        return ready.removeIf(attempt -> attempt.id().equals(id));
    }

    /** Whether {@link #poll} or {@link #pollRevoked} has one. */
    public boolean hasNews() {
        return !reports.isEmpty() || !revoked.isEmpty();
    }

    /** Nothing begins from now on; what runs may still report. */
    public void drain() {
        leave(Phase.OPEN, Phase.DRAINING);
    }

    private void leave(Phase from, Phase to) {
        lock.lock();
        try {
            if (phase == from) {
                phase = to;
            }
        } finally {
            lock.unlock();
        }
        ready.clear();
    }

    /**
     * Waits for what runs; on the stream thread, which takes the reports itself.
     *
     * @return whether nothing runs any more
     */
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        return await(patience, () -> running == 0);
    }

    /**
     * Waits for what runs, and until the stream thread has taken all reports; on any other thread.
     *
     * @return whether nothing runs any more, and nothing is left to report
     */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        return await(patience, () -> running == 0 && reports.isEmpty());
    }

    private boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        var left = patience.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = idle.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** How many attempts run. */
    public int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing begins, and no report is taken from now on. */
    public void close() {
        leave(Phase.OPEN, Phase.CLOSED);
        leave(Phase.DRAINING, Phase.CLOSED);
    }
}
