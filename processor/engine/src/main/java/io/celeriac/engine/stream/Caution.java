package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the task that kills its process, a poison pill, before it has killed all of them.
 *
 * <p>What runs at a commit is named in the {@link OwnerMark}. A task that kills within milliseconds would never be: its
 * worker dies before the next commit, the next owner reads the record again and dies as well, and no trace is left. So after
 * a partition was not left in peace, nothing begins for a while before a commit has put it on record: an attempt is first
 * announced, and begun once the store has been flushed and the loop has come round, when the commit is done. Only as many are
 * announced as can run at once, the urgent first, so that few innocents are on record; what its handler's limit would not let
 * begin is not among them, nor does it take the place of others. A task that a process has died of already is always announced.
 * What is announced goes through {@link Quarantine}, and while that has a suspect on trial nothing begins without.
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

    private final Lane lane;
    private final Dispatcher dispatcher;
    private final int maxDeaths;
    private final Quarantine quarantine;
    private final NavigableSet<Held> held = new TreeSet<>(Comparator.comparing(Held::attempt, Attempt.BY_PRIORITY));
    private final Map<String, Held> heldById = new HashMap<>(); // the same
    private final Map<String, Held> announced = new HashMap<>(); // by id
    private final Map<String, Held> begun = new HashMap<>(); // by id: let go, and not ended
    private boolean unclean;
    private Instant until = Instant.MIN;
    private long announcedAt;
    private boolean open;

    /**
     * @param lane where attempts go that are let go
     * @param dispatcher knows how many can run at once
     * @param maxDeaths after how many a task is set aside; 0 for never
     */
    Caution(Lane lane, Dispatcher dispatcher, int maxDeaths, Quarantine quarantine) {
        this.lane = lane;
        this.dispatcher = dispatcher;
        this.maxDeaths = maxDeaths;
        this.quarantine = quarantine;
    }

    /**
     * Once, before anything is asked.
     *
     * @param unclean whether the last owner did not leave in peace
     * @param flushes how often the store has been flushed so far
     */
    void start(boolean unclean, Instant now, long flushes) {
        this.unclean = unclean;
        until = unclean ? now.plus(PROBATION) : Instant.MIN;
        announcedAt = flushes;
    }

    /** Whether too many processes have died of a task. */
    boolean condemns(AcceptedTask task) {
        return maxDeaths > 0 && task.deaths() >= maxDeaths;
    }

    /** Whether a task must not begin before it is on record. */
    boolean isCalledFor(AcceptedTask task, Instant now) {
        return !open || isMarked(task) || now.isBefore(until) || quarantine.isTrial(now);
    }

    private boolean isMarked(AcceptedTask task) {
        return maxDeaths > 0 && task.deaths() > 0;
    }

    void hold(Held attempt) {
        held.add(attempt);
        heldById.put(attempt.task().id(), attempt);
    }

    private void unhold(Held attempt) {
        held.remove(attempt);
        heldById.remove(attempt.task().id());
    }

    boolean holds(String id) {
        return heldById.containsKey(id) || announced.containsKey(id);
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
            free.forEach(attempt -> begun.put(attempt.task().id(), attempt));
        }
        if (open && unclean && !now.isBefore(until) && !quarantine.isTrial(now)) {
            free.addAll(acquitted());
        }
        if (announced.isEmpty() && !held.isEmpty()) {
            announce(now);
            announcedAt = flushes;
        }
        return free;
    }

    /**
     * Those that nothing speaks against any more, as the time after the last owner's death has passed. After a peaceful one there
     * is no such time: what an owner finds at its very beginning goes on record, so that a death of its own is not missed.
     */
    private List<Held> acquitted() {
        var free = held.stream().filter(attempt -> !isMarked(attempt.task())).toList();
        free.forEach(this::unhold);
        return free;
    }

    private void announce(Instant now) {
        var room = dispatcher.concurrency()
                - (int) begun.values().stream().filter(this::mayRun).count();
        for (var next : List.copyOf(held)) {
            if (announced.size() >= room) {
                return;
            }
            if (!dispatcher.isAtLimit(next.attempt().handler()) && isLetIn(next.task(), now)) {
                announced.put(next.task().id(), next);
                unhold(next);
            }
        }
    }

    private boolean isLetIn(AcceptedTask task, Instant now) {
        return isMarked(task) ? quarantine.enter(task, isSuspect(task), now) : quarantine.enterUntried(task, now);
    }

    /** Whether one that was let go runs, or waits for no more than a thread. */
    private boolean mayRun(Held attempt) {
        return !dispatcher.isAtLimit(attempt.attempt().handler())
                || lane.running().containsKey(attempt.task().id());
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
        var waiting = heldById.get(id);
        if (waiting != null) {
            unhold(waiting);
        }
        leave(announced.remove(id));
        leave(begun.remove(id));
    }

    private void leave(@Nullable Held attempt) {
        if (attempt != null) {
            quarantine.leave(attempt.task());
        }
    }

    /** The partition has gone. */
    void close() {
        announced.values().forEach(this::leave);
        begun.values().forEach(this::leave);
    }
}
