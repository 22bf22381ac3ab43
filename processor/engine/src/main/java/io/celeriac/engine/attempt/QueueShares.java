package io.celeriac.engine.attempt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a thread free for each queue that has none: the long tasks of one queue must not stop another on the same worker. A queue
 * may take any other thread that is free, and always half of all: many idle queues must not keep a busy one waiting. Safe for use by several threads.
 */
final class QueueShares {

    private final int concurrency;
    private final Map<String, Integer> running = new HashMap<>(); // by queue; guarded by this, as all below
    private Set<String> queues = Set.of();
    private int total;

    /**
     * @param concurrency how many attempts run at once, of all queues
     */
    QueueShares(int concurrency) {
        this.concurrency = concurrency;
    }

    /** The queues that this worker has partitions of. */
    synchronized void queues(Set<String> names) {
        queues = Set.copyOf(names);
    }

    /** Whether an attempt of a queue may begin; {@link #tryTake} may still refuse it, when another was faster. */
    synchronized boolean permits(String queue) {
        if (running.getOrDefault(queue, 0) == 0) {
            return true;
        }
        var without = queues.stream()
                .filter(other -> running.getOrDefault(other, 0) == 0)
                .count();
        return total + Math.min(without, concurrency / 2) < concurrency;
    }

    /** Begins one if it may, and counts it until {@link #ended}. */
    synchronized boolean tryTake(String queue) {
        if (!permits(queue)) {
            return false;
        }
        running.merge(queue, 1, Integer::sum);
        total++;
        return true;
    }

    /** An attempt that was let through by {@link #tryTake} has ended, or did not begin. */
    synchronized void ended(String queue) {
        running.merge(queue, -1, Integer::sum);
        total--;
    }
}
