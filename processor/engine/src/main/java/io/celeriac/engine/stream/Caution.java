package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/**
 * Finds the task that kills its process, a poison pill, before it has killed all of them.
 *
 * <p>What runs at a commit is named in the {@link OwnerMark}. A task that kills within milliseconds would never be: its
 * worker dies before the next commit, the next owner reads the record again and dies as well, and no trace is left. So after
 * a partition was not left in peace, nothing begins for a while before a commit has put it on record: an attempt is first
 * announced, and begun once the store has been flushed and the loop has come round, when the commit is done. Only as many are
 * announced as can run at once, so that few innocents are on record. A task that a process has died of already is always
 * announced.
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
    record Held(Attempt attempt, long due) {}

    private final int batch;
    private final Queue<Held> held = new ArrayDeque<>();
    private final Map<String, Held> announced = new HashMap<>(); // by id
    private final Set<String> onRecord = new HashSet<>(); // let go, and not ended
    private final Instant until;
    private boolean open;
    private long announcedAt;

    /**
     * @param batch how many attempts can run at once
     * @param unclean whether the last owner did not leave in peace
     * @param flushes how often the store has been flushed so far
     */
    Caution(int batch, boolean unclean, Instant now, long flushes) {
        this.batch = batch;
        this.announcedAt = flushes;
        this.until = unclean ? now.plus(PROBATION) : Instant.MIN;
    }

    /** Whether a task must not begin before it is on record. */
    boolean isCalledFor(AcceptedTask task, Instant now) {
        return !open || task.deaths() > 0 || now.isBefore(until);
    }

    void hold(Held attempt) {
        held.add(attempt);
    }

    boolean holds(String id) {
        return announced.containsKey(id)
                || held.stream().anyMatch(waiting -> waiting.attempt.id().equals(id));
    }

    /** Whether a commit would help. */
    boolean wantsCommit() {
        return !open || !announced.isEmpty() || (!held.isEmpty() && onRecord.size() < batch);
    }

    /**
     * Lets go what is on record, and announces more.
     *
     * @param flushes how often the store has been flushed; one that was seen in an earlier pass is committed
     */
    List<Held> release(long flushes) {
        var free = new ArrayList<Held>();
        if (flushes > announcedAt) {
            open = true;
            free.addAll(announced.values());
            onRecord.addAll(announced.keySet());
            announced.clear();
            while (!held.isEmpty() && onRecord.size() + announced.size() < batch) {
                var next = held.remove();
                announced.put(next.attempt.id(), next);
            }
            announcedAt = flushes;
        }
        return free;
    }

    /** What the mark has to name beside what runs. */
    Set<String> named() {
        var ids = new HashSet<>(announced.keySet());
        ids.addAll(onRecord);
        return ids;
    }

    /** A task does not run, or no longer. */
    void forget(String id) {
        onRecord.remove(id);
        announced.remove(id);
        held.removeIf(waiting -> waiting.attempt.id().equals(id));
    }
}
