package io.celeriac.engine.attempt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a thread free for each queue that runs nothing, so that long tasks of one queue do not stop another on the same worker. At most
 * half of all threads are kept free, so that many idle queues do not keep a busy one waiting. A queue may take any other free thread.
 *
 * <p>Safe for use by several threads.
 */
final class QueueShares {

    private final Map<String, Integer> running = new HashMap<>(); // by queue; guarded by this, as all below
    private Set<String> queues = Set.of();
    private int concurrency;
    private int total;

    /**
     * @param concurrency how many attempts run at once, of all queues
     */
    QueueShares(int concurrency) {
        this.concurrency = concurrency;
    }

    /** Changes how many attempts run at once, of all queues. */
    synchronized void concurrency(int most) {
        concurrency = most;
    }

    /** The queues that this worker has partitions of. */
    synchronized void queues(Set<String> names) {
        queues = Set.copyOf(names);
    }

    /** Whether an attempt of a queue may begin; {@link #tryTake} may still refuse it if another attempt was faster. */
    synchronized boolean permits(String queue) {
        if (running.getOrDefault(queue, 0) == 0) {
            return true;
        }
        var without = queues.stream()
                .filter(other -> running.getOrDefault(other, 0) == 0)
                .count();
        return total + Math.min(without, concurrency / 2) < concurrency;
    }

    /** Counts an attempt until {@link #ended}, if it may begin. */
    synchronized boolean tryTake(String queue) {
        if (!permits(queue)) {
            return false;
        }
        running.merge(queue, 1, Integer::sum);
        total++;
        return true;
    }

    /** Called when an attempt that {@link #tryTake} let through has ended, or did not begin. */
    synchronized void ended(String queue) {
        running.merge(queue, -1, Integer::sum);
        total--;
    }
}
