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
 * Finds the task that kills its process, a poison pill, before it kills every worker.
 *
 * <p>The {@link OwnerMark} names the tasks that run at a commit. It would never name a task that kills within milliseconds: the
 * worker dies before the next commit, the next owner reads the record again and dies as well, and no trace is left. So when the last
 * owner did not leave the partition in peace, an attempt begins for a while only after a commit has put it on record. The attempt is
 * first announced. It begins once the store has been flushed and the loop has come round, when the commit is done. Only as many
 * attempts are announced as threads are free, the urgent first, so that few innocent tasks are on record. An attempt that its
 * handler's limit holds back is not announced and does not take the place of others.
 *
 * <p>A task that was on record when a process died is a suspect from then on. It is announced before the others, when
 * {@link Quarantine} lets it in, and the mark records how its trial went. Its {@link Suspicion} holds the evidence. As long as a
 * suspect waits in this process, every attempt is announced before it begins.
 *
 * <p>In any case nothing begins before the mark of this owner is on record; otherwise its own death would not be noticed. That
 * costs one commit when a partition is taken over.
 *
 * <p>Belongs to the stream thread.
 */
public final class PoisonPillGuard {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonPillGuard.class);
    private static final Duration PROBATION = Duration.ofSeconds(10);

    /** The mark grows with each suspect; past this number, the suspects with the fewest strikes are dropped. */
    private static final int MOST_SUSPECTS = 500;

    /** The threads of this worker, and what runs of the partition. */
    public interface Threads {

        /** How many attempts may run at once. */
        int concurrency();

        /** Whether no attempt of a handler may begin now. */
        boolean isAtLimit(Handler handler);

        /** Start times of the running tasks of the partition, by task id. */
        Map<String, Instant> running();

        /** The threads of a dispatcher, and what an attempt queue runs on them. */
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

    /** A suspect, and what the last mark recorded of it. */
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
    private final Map<String, Held> heldById = new HashMap<>(); // the same attempts
    private final Map<String, Held> announced = new HashMap<>(); // by id
    private final Map<String, Held> begun = new HashMap<>(); // by id: released, and not ended
    private Instant until = Instant.MIN;
    private long announcedAt;
    private int occupied; // threads, as the quarantine knows
    private boolean open;
    private boolean resting; // nothing may begin
    private boolean opening; // tasks from the very beginning are still held

    /**
     * @param maxDeaths number of deaths after which a task may be set aside; 0 for never
     * @param isUnfinished whether the partition still has a task
     */
    public PoisonPillGuard(Threads threads, int maxDeaths, Quarantine quarantine, Predicate<String> isUnfinished) {
        this.threads = threads;
        this.maxDeaths = maxDeaths;
        this.quarantine = quarantine;
        this.isUnfinished = isUnfinished;
    }

    /**
     * Takes over the suspects of the last owner. To be called once, before any other method.
     *
     * @param former the last mark of the last owner
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

    /** The tasks that were running. A task that was tried alone counts once announced, as it had no time to be on record again. */
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
            if (!resting) {
                quarantine.await(attempt.task(), suspect.suspicion, now);
            }
            LOG.info(
                    "task {} ({}) waits at least {} s for its trial: its process has died {} times while it ran,"
                            + " {} of them while it was tried alone",
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

    /** How many attempts are held back. */
    public int size() {
        return held.size();
    }

    /** Whether any attempt is held back, or others may wait for its end. */
    public boolean holdsAny() {
        return !held.isEmpty() || !announced.isEmpty() || !begun.isEmpty();
    }

    public boolean holds(String id) {
        return heldById.containsKey(id) || announced.containsKey(id);
    }

    /** The time until which a held attempt waits in any case; null where that depends on other tasks. */
    @Nullable
    public Instant heldUntil(String id, Instant now) {
        var waiting = heldById.get(id);
        return waiting == null ? null : quarantine.backsOffUntil(waiting.task(), now);
    }

    /** Whether something waits for a commit. */
    public boolean wantsCommit(Instant now) {
        return !open || !announced.isEmpty() || isNoteDue(now);
    }

    /** As {@link #wantsCommit}, while nothing may begin: only for what runs already. */
    public boolean wantsCommitForRunning(Instant now) {
        return isNoteDue(now);
    }

    /** Whether to put a suspect's run time on record again. It limits how long the suspect can have run when its process dies. */
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
     * Releases the attempts that are on record, and announces more.
     *
     * @param flushes how often the store has been flushed; a flush that was seen in an earlier pass is committed
     */
    public List<Held> release(long flushes, Instant now) {
        if (resting) {
            endRest(now);
        }
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

    /**
     * Called in place of {@link #release} while the queue is paused: nothing of it may begin. The suspects of other partitions go first, and
     * its threads are free for them. The next release ends this.
     */
    public void rest(Instant now) {
        if (!resting) {
            resting = true;
            announced.values().forEach(attempt -> {
                leave(attempt, now);
                held.add(attempt);
                heldById.put(attempt.id(), attempt);
            });
            announced.clear();
            held.forEach(attempt -> leave(attempt, now));
        }
        var running = threads.running().size();
        if (occupied != running) {
            occupied = running;
            quarantine.occupy(this, occupied);
        }
    }

    private void endRest(Instant now) {
        resting = false;
        held.forEach(attempt -> {
            var suspect = suspects.get(attempt.id());
            if (suspect != null) {
                quarantine.await(attempt.task(), suspect.suspicion, now);
            }
        });
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
     * Releases the held attempts that are not suspects. Not called for the tasks that an owner finds at its very beginning, even after a
     * peaceful owner: they go on record, so that a death of this owner is not missed.
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

    /** Suspects first: while they wait, they slow down every other task. */
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

    /** Reports 0 while nothing is held and no care is needed: nobody then asks how many threads are free. */
    private void occupy(Instant now) {
        var before = occupied;
        occupied = open && held.isEmpty() && !isCareful(now) ? 0 : taken();
        if (occupied != before) {
            quarantine.occupy(this, occupied);
        }
    }

    /** How many threads the partition takes, or is about to take. An attempt that waits for its handler's limit takes none. */
    private int taken() {
        var running = threads.running();
        return running.size()
                + announced.size()
                + (int) begun.values().stream()
                        .filter(one -> !running.containsKey(one.id()))
                        .filter(one -> !threads.isAtLimit(one.attempt().handler()))
                        .count();
    }

    /** The mark of this owner, in case its process dies now. */
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

    /** The mark of an owner that leaves in peace. */
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

    /** Clears a task of suspicion. It, or an attempt of it, has ended and its process lives, or it is not to run. */
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

    /** Takes the partition out of the quarantine, when the partition is gone. */
    public void close(Instant now) {
        held.forEach(attempt -> leave(attempt, now));
        announced.values().forEach(attempt -> leave(attempt, now));
        begun.values().forEach(attempt -> leave(attempt, now));
        quarantine.close(this);
    }
}
