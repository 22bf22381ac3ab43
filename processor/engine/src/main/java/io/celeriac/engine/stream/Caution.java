package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the task that kills its process, a poison pill, before it has killed all of them.
 *
 * <p>What runs at a commit is named in the {@link OwnerMark}. A task that kills within milliseconds would never be: its
 * worker dies before the next commit, the next owner reads the record again and dies as well, and no trace is left. So after
 * a partition was not left in peace, nothing begins for a while before a commit has put it on record: an attempt is first
 * announced, and begun once the store has been flushed and the loop has come round, when the commit is done. Only as many are
 * announced as can run at once, so that few innocents are on record. A task that a process has died of already is always
 * announced, and goes through {@link Quarantine}.
 *
 * <p>In any case nothing begins before the mark of this owner is on record, or its own death would not be noticed. That
 * costs one commit when a partition is taken over.
 *
 * <p>Belongs to the stream thread.
 */
final class Caution {

    private static final Duration PROBATION = Duration.ofSeconds(10);

    /**
     * An attempt that is held back.
     *
     * @param due epoch milliseconds before which it does not begin
     */
    record Held(Attempt attempt, long due) {

        AcceptedTask task() {
            return attempt.accepted();
        }
    }

    private final int batch;
    private final int maxDeaths;
    private final Quarantine quarantine;
    private final Instant until;
    private final Map<String, Held> held = new LinkedHashMap<>(); // by id, as is all below
    private final Map<String, Held> announced = new HashMap<>();
    private final Map<String, AcceptedTask> begun = new HashMap<>(); // let go, and not ended
    private long announcedAt;
    private boolean open;

    /**
     * @param batch how many attempts can run at once
     * @param maxDeaths after how many a task is set aside; 0 for never
     * @param unclean whether the last owner did not leave in peace
     * @param flushes how often the store has been flushed so far
     */
    Caution(int batch, int maxDeaths, Quarantine quarantine, boolean unclean, Instant now, long flushes) {
        this.batch = batch;
        this.maxDeaths = maxDeaths;
        this.quarantine = quarantine;
        this.until = unclean ? now.plus(PROBATION) : Instant.MIN;
        this.announcedAt = flushes;
    }

    /** Whether too many processes have died of a task. */
    boolean condemns(AcceptedTask task) {
        return maxDeaths > 0 && task.deaths() >= maxDeaths;
    }

    /** Whether a task must not begin before it is on record. */
    boolean isCalledFor(AcceptedTask task, Instant now) {
        return !open || isMarked(task) || now.isBefore(until);
    }

    private boolean isMarked(AcceptedTask task) {
        return maxDeaths > 0 && task.deaths() > 0;
    }

    void hold(Held attempt) {
        held.put(attempt.task().id(), attempt);
    }

    boolean holds(String id) {
        return held.containsKey(id) || announced.containsKey(id);
    }

    /** Whether something waits for a commit. */
    boolean wantsCommit() {
        return !open || !announced.isEmpty();
    }

    /**
     * Lets go what is on record, and announces more.
     *
     * @param flushes how often the store has been flushed; one that was seen in an earlier pass is committed
     */
    List<Held> release(long flushes, Instant now) {
        var free = new ArrayList<Held>();
        if (flushes > announcedAt) {
            open = true;
            free.addAll(announced.values());
            announced.clear();
            free.forEach(attempt -> begun.put(attempt.task().id(), attempt.task()));
        }
        if (announced.isEmpty() && !held.isEmpty()) {
            announce(now);
            announcedAt = flushes;
        }
        return free;
    }

    private void announce(Instant now) {
        for (var waiting = held.values().iterator(); waiting.hasNext() && begun.size() + announced.size() < batch; ) {
            var next = waiting.next();
            if (!isMarked(next.task()) || quarantine.enter(next.task(), isSuspect(next.task()), now)) {
                announced.put(next.task().id(), next);
                waiting.remove();
            }
        }
    }

    /** After one death more it is set aside. */
    private boolean isSuspect(AcceptedTask task) {
        return task.deaths() >= maxDeaths - 1;
    }

    /** What the mark has to name beside what runs. */
    Set<String> named() {
        var ids = new HashSet<>(announced.keySet());
        ids.addAll(begun.keySet());
        return ids;
    }

    /** A task does not run, or no longer. */
    void forget(String id) {
        held.remove(id);
        var waiting = announced.remove(id);
        leave(waiting == null ? begun.remove(id) : waiting.task());
    }

    private void leave(@Nullable AcceptedTask task) {
        if (task != null && isMarked(task)) {
            quarantine.leave(task);
        }
    }

    /** The partition has gone. */
    void close() {
        announced.values().forEach(attempt -> leave(attempt.task()));
        begun.values().forEach(this::leave);
    }
}
