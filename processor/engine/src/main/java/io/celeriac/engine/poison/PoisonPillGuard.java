package io.celeriac.engine.poison;

import static java.util.stream.Collectors.toSet;

import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.poison.Trace.Place;
import io.celeriac.engine.poison.Trace.Trials;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the task that kills its process, a poison pill, before it has killed all of them.
 *
 * <p>What runs at a commit is named in the {@link OwnerMark}. A task that kills within milliseconds would never be: its
 * worker dies before the next commit, the next owner reads the record again and dies as well, and no trace is left. So after
 * a partition was not left in peace, nothing begins for a while before a commit has put it on record: an attempt is first
 * announced, and begun once the store has been flushed and the loop has come round, when the commit is done. Only as many are
 * announced as there are threads free, the urgent first, so that few innocents are on record; what its handler's limit would not
 * let begin is not among them, nor does it take the place of others.
 *
 * <p>Whatever was on record when a process died is a suspect from then on: it is announced before anything else, when
 * {@link Quarantine} lets it in, and the mark tells how it fared. What all that says of it is in its {@link Suspicion}. As long as
 * a suspect waits in this process, everything is announced first.
 *
 * <p>In any case nothing begins before the mark of this owner is on record, or its own death would not be noticed. That
 * costs one commit when a partition is taken over.
 *
 * <p>Belongs to the stream thread.
 */
public final class PoisonPillGuard {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonPillGuard.class);
    private static final Duration PROBATION = Duration.ofSeconds(10);

    /** The mark grows with them; of more, those that least speaks against are suspects no more. */
    private static final int MOST_SUSPECTS = 500;

    /** The threads of this worker, and what runs of the partition. */
    public interface Threads {

        /** How many attempts may run at once. */
        int concurrency();

        /** Whether no attempt of a handler may begin now. */
        boolean isAtLimit(Handler handler);

        /** The tasks of the partition that run, by their ids, and since when. */
        Map<String, Instant> running();

        /** The real ones. */
        static Threads of(AttemptQueue attemptQueue, Dispatcher dispatcher) {
            return new Threads() {
                @Override
                public int concurrency() {
                    return dispatcher.concurrency();
                }

                @Override
                public boolean isAtLimit(Handler handler) {
                    return dispatcher.isAtLimit(handler);
                }

                @Override
                public Map<String, Instant> running() {
                    return attemptQueue.running();
                }
            };
        }
    }

    /**
     * An attempt that is held back.
     *
     * @param due epoch milliseconds before which it does not begin
     */
    public record Held(Attempt attempt, long due) {

        public AcceptedTask task() {
            return attempt.accepted();
        }

        public String id() {
            return attempt.id();
        }
    }

    /** A suspect, and what the last mark has told of it. */
    private static final class Suspect {

        private final Suspicion suspicion;
        private Instant heldSince = Instant.MIN;
        private Duration waited = Duration.ZERO;
        private Duration ran = Duration.ZERO;

        Suspect(Suspicion suspicion) {
            this.suspicion = suspicion;
        }
    }

    private final Threads threads;
    private final int maxDeaths;
    private final Quarantine quarantine;
    private final Predicate<String> isUnfinished;
    private final Map<String, Suspect> suspects = new HashMap<>(); // by id: unfinished, wherever they are
    private final NavigableSet<Held> held = new TreeSet<>(Comparator.comparing(Held::attempt, Attempt.BY_PRIORITY));
    private final Map<String, Held> heldById = new HashMap<>(); // the same
    private final Map<String, Held> announced = new HashMap<>(); // by id
    private final Map<String, Held> begun = new HashMap<>(); // by id: let go, and not ended
    private Instant until = Instant.MIN;
    private long announcedAt;
    private int occupied; // threads, as the quarantine knows
    private boolean open;
    private boolean opening; // there still are tasks that were there at the very beginning

    /**
     * @param maxDeaths after how many a task may be set aside; 0 for never
     * @param isUnfinished whether the partition still has a task
     */
    public PoisonPillGuard(Threads threads, int maxDeaths, Quarantine quarantine, Predicate<String> isUnfinished) {
        this.threads = threads;
        this.maxDeaths = maxDeaths;
        this.quarantine = quarantine;
        this.isUnfinished = isUnfinished;
    }

    /**
     * Once, before anything is asked.
     *
     * @param former the last word of the last owner
     * @param process of this owner
     * @param flushes how often the store has been flushed so far
     * @return the tasks that were running when their process died
     */
    public Set<String> start(@Nullable OwnerMark former, String process, Instant now, long flushes) {
        announcedAt = flushes;
        var died = former != null && !former.left() && !former.process().equals(process);
        opening = !died;
        until = died ? now.plus(PROBATION) : Instant.MIN;
        if (former != null && maxDeaths > 0) {
            inherit(former, died);
        }
        return former == null || !died ? Set.of() : charged(former);
    }

    private void inherit(OwnerMark former, boolean died) {
        former.suspects()
                .forEach(trace -> suspect(trace.id(), died ? trace.afterDeath(former.trials()) : trace.suspicion()));
        if (died && former.trials() != Trials.SHORT) {
            former.running().forEach(id -> suspectIfNew(id, Suspicion.RUNNING));
            former.near().forEach(id -> suspectIfNew(id, Suspicion.ANNOUNCED));
        }
        suspects.entrySet().stream()
                .sorted(Comparator.comparing(
                        entry -> -entry.getValue().suspicion.strikes()))
                .skip(MOST_SUSPECTS)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(suspects::remove);
    }

    private void suspectIfNew(String id, Suspicion suspicion) {
        if (!suspects.containsKey(id)) {
            suspect(id, suspicion);
        }
    }

    private void suspect(String id, Suspicion suspicion) {
        if (isUnfinished.test(id)) {
            suspects.put(id, new Suspect(suspicion));
        }
    }

    /** One that was tried alone was on record as running from then on, and had no time to be on record again. */
    private static Set<String> charged(OwnerMark former) {
        var ids = new HashSet<>(former.running());
        former.suspects().stream().filter(trace -> trace.place() == Place.ALONE).forEach(trace -> ids.add(trace.id()));
        return ids;
    }

    /** Whether a task has been proven to kill its process. */
    public boolean condemns(AcceptedTask task) {
        var suspect = suspects.get(task.id());
        return suspect != null && suspect.suspicion.isProven(maxDeaths);
    }

    /** Whether a task must not begin before it is on record. */
    public boolean isCalledFor(AcceptedTask task, Instant now) {
        return !open || suspects.containsKey(task.id()) || isCareful(now);
    }

    private boolean isCareful(Instant now) {
        return now.isBefore(until) || quarantine.isCareful(now);
    }

    public void hold(Held attempt, Instant now) {
        held.add(attempt);
        heldById.put(attempt.id(), attempt);
        var suspect = suspects.get(attempt.id());
        if (suspect != null) {
            suspect.heldSince = now;
            quarantine.await(attempt.task(), suspect.suspicion, now);
            LOG.info(
                    "task {} ({}) waits {} s or some more and is then tried: its process has died {} times while it"
                            + " ran, {} of them while it was tried alone",
                    attempt.id(),
                    attempt.attempt().handler().name(),
                    suspect.suspicion.backoff().toSeconds(),
                    attempt.task().deaths(),
                    suspect.suspicion.strikes());
        }
    }

    private void unhold(Held attempt) {
        held.remove(attempt);
        heldById.remove(attempt.id());
    }

    public boolean holds(String id) {
        return heldById.containsKey(id) || announced.containsKey(id);
    }

    /** Until when one that is held is so in any case; null where that depends on others. */
    @Nullable
    public Instant heldUntil(String id, Instant now) {
        var waiting = heldById.get(id);
        return waiting == null ? null : quarantine.backsOffUntil(waiting.task(), now);
    }

    /** Whether something waits for a commit. */
    public boolean wantsCommit(Instant now) {
        return !open || !announced.isEmpty() || isNoteDue(now);
    }

    /** How long a suspect has run at the most is known from how long it had run when that was put on record the last time. */
    private boolean isNoteDue(Instant now) {
        if (suspects.isEmpty()) {
            return false;
        }
        return threads.running().entrySet().stream()
                .filter(running -> begun.containsKey(running.getKey()))
                .anyMatch(running -> isNoteDue(suspects.get(running.getKey()), running.getValue(), now));
    }

    private static boolean isNoteDue(@Nullable Suspect suspect, Instant since, Instant now) {
        return suspect != null && Duration.between(since, now).compareTo(Trace.nextNote(suspect.ran)) >= 0;
    }

    /**
     * Lets go what is on record, and announces more.
     *
     * @param flushes how often the store has been flushed; one that was seen in an earlier pass is committed
     */
    public List<Held> release(long flushes, Instant now) {
        var free = new ArrayList<Held>();
        if (flushes > announcedAt) {
            open = true;
            free.addAll(announced.values());
            announced.clear();
            free.forEach(attempt -> {
                begun.put(attempt.id(), attempt);
                tell(attempt.id(), now);
            });
        }
        if (open && !opening && !isCareful(now)) {
            free.addAll(acquitted());
        }
        occupy(now);
        if (announced.isEmpty() && !held.isEmpty()) {
            announce(now);
            announcedAt = flushes;
            occupy(now);
        }
        opening &= !open || !held.isEmpty();
        return free;
    }

    private void tell(String id, Instant now) {
        var suspect = suspects.get(id);
        if (suspect != null) {
            LOG.info(
                    "task {} begins on trial after {} ms",
                    id,
                    Duration.between(suspect.heldSince, now).toMillis());
        }
    }

    /**
     * Those that nothing speaks against any more. What an owner finds at its very beginning is none of them, after a peaceful owner
     * either: it goes on record, so that a death of its own is not missed.
     */
    private List<Held> acquitted() {
        var free = held.stream()
                .filter(attempt -> !suspects.containsKey(attempt.id()))
                .toList();
        free.forEach(this::unhold);
        return free;
    }

    private void announce(Instant now) {
        var room = threads.concurrency() - quarantine.occupied();
        for (var next : room <= 0 ? List.<Held>of() : inOrder()) {
            if (announced.size() >= room) {
                return;
            }
            if (!threads.isAtLimit(next.attempt().handler()) && isLetIn(next, now)) {
                announced.put(next.id(), next);
                unhold(next);
            }
        }
    }

    /** Suspects first: while they wait, nothing else is as fast as it might be. */
    private List<Held> inOrder() {
        var order = new ArrayList<Held>(held.size());
        if (!suspects.isEmpty()) {
            held.stream().filter(one -> suspects.containsKey(one.id())).forEach(order::add);
        }
        held.stream().filter(one -> !suspects.containsKey(one.id())).forEach(order::add);
        return order;
    }

    private boolean isLetIn(Held next, Instant now) {
        return suspects.containsKey(next.id())
                ? quarantine.enter(next.task(), now)
                : quarantine.enterUntried(next.task(), now);
    }

    /** Without caution nobody asks how many threads are free. */
    private void occupy(Instant now) {
        var before = occupied;
        occupied = open && held.isEmpty() && !isCareful(now) ? 0 : taken();
        if (occupied != before) {
            quarantine.occupy(this, occupied);
        }
    }

    /** How many threads are taken here, or will be at once. One that waits for its handler's limit takes none. */
    private int taken() {
        var running = threads.running();
        return running.size()
                + announced.size()
                + (int) begun.values().stream()
                        .filter(one -> !running.containsKey(one.id()))
                        .filter(one -> !threads.isAtLimit(one.attempt().handler()))
                        .count();
    }

    /** The last word of this owner, should its process die now. */
    public OwnerMark mark(String process, Instant now) {
        var running = threads.running();
        var near = new HashSet<>(announced.keySet());
        near.addAll(begun.keySet());
        near.removeAll(running.keySet());
        near.removeAll(suspects.keySet());
        var traces = unfinishedSuspects().stream()
                .sorted()
                .map(id -> trace(id, running, now))
                .toList();
        return new OwnerMark(process, false, running.keySet(), near, quarantine.trials(now), traces);
    }

    /** The last word of an owner that leaves in peace. */
    public OwnerMark farewell(String process) {
        var traces = unfinishedSuspects().stream()
                .sorted()
                .map(id -> trace(id, Place.ELSEWHERE, Duration.ZERO, Duration.ZERO))
                .toList();
        return new OwnerMark(process, true, Set.of(), Set.of(), Trials.NONE, traces);
    }

    private Set<String> unfinishedSuspects() {
        return suspects.keySet().stream().filter(isUnfinished).collect(toSet());
    }

    private Trace trace(String id, Map<String, Instant> running, Instant now) {
        var suspect = Objects.requireNonNull(suspects.get(id));
        var attempt = announced.getOrDefault(id, begun.get(id));
        var since = running.get(id);
        if (attempt != null && (since != null || announced.containsKey(id))) {
            return tried(
                    id, suspect, attempt.task(), since == null ? Duration.ZERO : Duration.between(since, now), now);
        }
        var waiting = heldById.get(id);
        if (waiting != null) {
            var waited = quarantine.waited(waiting.task(), now);
            if (waited.compareTo(Trace.nextNote(suspect.waited)) >= 0) {
                suspect.waited = waited;
            }
            return trace(id, quarantine.placeOfWaiting(now), suspect.waited, Duration.ZERO);
        }
        return trace(id, Place.ELSEWHERE, Duration.ZERO, Duration.ZERO);
    }

    private Trace tried(String id, Suspect suspect, AcceptedTask task, Duration ran, Instant now) {
        if (ran.compareTo(Trace.nextNote(suspect.ran)) >= 0) {
            suspect.ran = ran;
        }
        return trace(id, quarantine.placeOfRunning(task, now), quarantine.waited(task, now), suspect.ran);
    }

    private Trace trace(String id, Place place, Duration waited, Duration ran) {
        return new Trace(id, Objects.requireNonNull(suspects.get(id)).suspicion, place, waited, ran);
    }

    /** A task does not run, or no longer: it has come to its end, or to that of an attempt, and its process lives. */
    public void forget(String id, Instant now) {
        var waiting = heldById.get(id);
        if (waiting != null) {
            unhold(waiting);
            leave(waiting, now);
        }
        leave(announced.remove(id), now);
        leave(begun.remove(id), now);
        suspects.remove(id);
    }

    private void leave(@Nullable Held attempt, Instant now) {
        if (attempt != null) {
            quarantine.leave(attempt.task(), now);
        }
    }

    /** The partition has gone. */
    public void close(Instant now) {
        held.forEach(attempt -> leave(attempt, now));
        announced.values().forEach(attempt -> leave(attempt, now));
        begun.values().forEach(attempt -> leave(attempt, now));
        quarantine.close(this);
    }
}
