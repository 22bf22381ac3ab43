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
    private int idleQueues; // of those
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
        idleQueues = (int) queues.stream().filter(this::isIdle).count();
    }

    private boolean isIdle(String queue) {
        return running.getOrDefault(queue, 0) == 0;
    }

    /** Whether an attempt of a queue may begin; {@link #tryTake} may still refuse it if another attempt was faster. */
    synchronized boolean permits(String queue) {
        return isIdle(queue) || total + Math.min(idleQueues, concurrency / 2) < concurrency;
    }

    /** Counts an attempt until {@link #ended}, if it may begin. */
    synchronized boolean tryTake(String queue) {
        if (!permits(queue)) {
            return false;
        }
        count(queue, 1);
        return true;
    }

    /** Called when an attempt that {@link #tryTake} let through has ended, or did not begin. */
    synchronized void ended(String queue) {
        count(queue, -1);
    }

    private void count(String queue, int more) {
        var now = running.merge(queue, more, Integer::sum);
        total += more;
        if (queues.contains(queue)) {
            idleQueues += now == 0 ? 1 : now == more ? -1 : 0; // the last one has ended, or the first has begun
        }
    }
}
