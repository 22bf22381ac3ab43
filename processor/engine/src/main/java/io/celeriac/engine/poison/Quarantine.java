package io.celeriac.engine.poison;

import io.celeriac.engine.task.AcceptedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries the suspects of a process one after the other, so that the next death tells which task caused it.
 *
 * <p>A suspect first waits for its {@link Suspicion#backoff}: half of the evidence is whether the process lives on without it. Then it
 * waits for its turn, no longer than its {@link Suspicion#patience}. When there are more suspects than can be tried one by one in
 * that time, several are tried at once. A trial is over when the suspect has ended, or has run for twice as long as the last time;
 * the next trial then begins while the suspect runs on.
 *
 * <p>Tasks that are not suspects run as usual, except during a short trial: the suspect would be blamed for a death that an unknown
 * killer causes. No such task begins during a short trial, and a short trial does not begin in the first second of such a task. So
 * these tasks are held for some seconds at the most, and a suspect waits for one second more, however many other tasks there are.
 *
 * <p>All queues of a worker share one quarantine, as a process dies as a whole. Safe for use by several threads.
 */
public final class Quarantine {

    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofSeconds(4); // of a trial
    private static final Duration ATTENTION =
            Duration.ofSeconds(1); // for a suspect that asks at each pass, where passes are quick
    private static final Duration MOST_ATTENTION = Duration.ofSeconds(15);
    private static final Duration PASSES = Duration.ofMillis(50);

    private record Key(String queue, int partition, String id) {

        static Key of(AcceptedTask task) {
            return new Key(task.origin().queue(), task.origin().partition(), task.id());
        }
    }

    /**
     * A suspect that waits for its trial.
     *
     * @param from when its backoff is over
     * @param before how long others had been on trial when it came
     * @param askedAt when it last asked to begin
     */
    private record Waiting(
            Key key, Suspicion suspicion, Instant since, Instant from, Duration before, Instant askedAt) {

        private static final Comparator<Waiting> ORDER = Comparator.comparing(Waiting::latest)
                .thenComparing(one -> one.suspicion.trial())
                .thenComparing(one -> one.key.id);

        Instant latest() {
            return from.plus(suspicion.patience());
        }

        Waiting asking(Instant now) {
            return new Waiting(key, suspicion, since, from, before, now);
        }

        boolean asksStill(Instant now, Duration attention) {
            return askedAt.isAfter(now.minus(attention));
        }

        /** Time since it last asked; zero when it never did. */
        Duration pass(Instant now) {
            return askedAt.equals(Instant.MIN) ? Duration.ZERO : Duration.between(askedAt, now);
        }
    }

    /**
     * A suspect that was let in, and has not ended.
     *
     * @param strong whether the suspicion is strong
     * @param waited how long the suspect had waited before, while nobody else was on trial
     */
    private record Trial(Instant since, Duration length, boolean strong, Duration waited) {

        /** Whether the trial is on for a suspect that waits no longer than its patience. */
        boolean isOn(Instant now, Duration patience) {
            return isOn(now) && (isShort() || now.isBefore(since.plus(patience)));
        }

        boolean isOn(Instant now) {
            return now.isBefore(since.plus(length));
        }

        /** Whether this trial would explain a death now better than the machine would. */
        boolean tells(Instant now) {
            return isOn(now) && (isShort() || strong);
        }

        boolean isShort() {
            return length.compareTo(SHORT) <= 0;
        }
    }

    private final Map<Key, Waiting> waiting = new HashMap<>();
    private final Set<Key> chosen = new HashSet<>(); // waiting suspects that are let in next
    private Instant chosenAt = Instant.MIN;
    private final Map<Key, Trial> trials = new HashMap<>();
    private final Map<Key, Instant> untried = new HashMap<>(); // let in lately
    private final Map<Object, Integer> occupied = new HashMap<>(); // threads, by partition
    private Duration timeOnTrial = Duration.ZERO;
    private @Nullable Instant onTrialSince;
    private volatile Instant keptOutUntil = Instant.MIN;
    private Instant keptOutSince = Instant.MIN;
    private Instant breakUntil = Instant.MIN;
    private Instant lookedAt = Instant.MIN;
    private Duration attention = ATTENTION; // longer where a pass takes long; otherwise nobody would be heard twice
    private volatile boolean someWait;

    /** Whether every task has to be on record before it begins. */
    boolean isCareful(Instant now) {
        return someWait || now.isBefore(keptOutUntil);
    }

    /** Adds a suspect that wants to begin. It asks to {@link #enter} from now on. */
    synchronized void await(AcceptedTask task, Suspicion suspicion, Instant now) {
        keepTime(now);
        var key = Key.of(task);
        waiting.put(
                key, new Waiting(key, suspicion, now, now.plus(suspicion.backoff()), timeOnTrial(now), Instant.MIN));
        someWait = true;
    }

    /** How many suspects wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    /** The longest wait of a waiting suspect so far; zero when none waits. */
    public synchronized Duration longestWait(Instant now) {
        return waiting.values().stream()
                .map(one -> Duration.between(one.since, now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** When the backoff of a waiting suspect ends; null when it is over, or the task does not wait. */
    synchronized @Nullable Instant backsOffUntil(AcceptedTask task, Instant now) {
        var one = waiting.get(Key.of(task));
        return one == null || !now.isBefore(one.from) ? null : one.from;
    }

    /** Asks to begin a suspect that is ready. A suspect that is let in has to {@link #leave}. */
    synchronized boolean enter(AcceptedTask task, Instant now) {
        keepTime(now);
        var key = Key.of(task);
        var one = waiting.get(key);
        if (one == null || now.isBefore(one.from)) {
            return false;
        }
        waiting.put(key, one.asking(now));
        attention = attention(one.pass(now));
        if (!chosen.contains(key)) {
            choose(one, now);
        }
        if (!chosen.remove(key)) {
            return false;
        }
        trials.put(key, new Trial(now, one.suspicion.trial(), one.suspicion.isStrong(), waited(one, now)));
        waiting.remove(key);
        someWait = !waiting.isEmpty();
        if (isShort(one.suspicion)) {
            keepOut(now, one.suspicion.trial());
        }
        keepTime(now);
        return true;
    }

    private static Duration attention(Duration pass) {
        var two = pass.multipliedBy(2);
        return two.compareTo(ATTENTION) < 0 ? ATTENTION : two.compareTo(MOST_ATTENTION) > 0 ? MOST_ATTENTION : two;
    }

    private void choose(Waiting asking, Instant now) {
        if (!now.isBefore(chosenAt.plus(attention))) {
            chosen.clear();
        }
        if (!chosen.isEmpty() || isOnTrial(asking, now) || isToHearOthers(now)) {
            return;
        }
        var next = next(now);
        if (isShort(next.get(0).suspicion) && isToWait(now)) {
            return;
        }
        next.forEach(one -> chosen.add(one.key));
        chosenAt = now;
    }

    /** All suspects that want to begin ask within a pass or two. To look at all of them each time one asks would take too long. */
    private boolean isToHearOthers(Instant now) {
        if (now.isBefore(lookedAt.plus(PASSES))) {
            return true;
        }
        var isFirst = !now.isBefore(lookedAt.plus(attention));
        lookedAt = now;
        return isFirst;
    }

    /** Whether a short trial has to wait. Other tasks get a second to begin, and then a second to show that they do not kill. */
    private boolean isToWait(Instant now) {
        if (now.isBefore(breakUntil)) {
            return true;
        }
        if (isKeptOutOrWas(now) && !now.isBefore(keptOutSince.plus(longer(SHORT, attention)))) {
            breakUntil = now.plus(YOUNG);
            keptOutUntil = Instant.MIN;
            return true;
        }
        if (isAnyYoung(now)) {
            keepOut(now, attention);
            return true;
        }
        return false;
    }

    private boolean isOnTrial(Waiting asking, Instant now) {
        return trials.values().stream().anyMatch(trial -> trial.isOn(now, asking.suspicion.patience()));
    }

    /** The suspects to try at once. They are as few as possible if each suspect is to have its turn before it runs out of patience. */
    private List<Waiting> next(Instant now) {
        var candidates = waiting.values().stream()
                .filter(one -> one.asksStill(now, attention) && !isOnTrial(one, now))
                .sorted(Waiting.ORDER)
                .toList();
        var first = candidates.get(0).suspicion;
        var longest = first.trial().multipliedBy(2);
        var alike = candidates.stream()
                .filter(one -> one.suspicion.patience().equals(first.patience()))
                .filter(one -> one.suspicion.trial().compareTo(longest) <= 0)
                .toList();
        var turns = Math.max(
                first.isStrong() ? 2 : 1,
                first.patience().toMillis() / first.trial().toMillis());
        return alike.subList(0, (int) ((alike.size() + turns - 1) / turns));
    }

    private static boolean isShort(Suspicion suspicion) {
        return suspicion.trial().compareTo(SHORT) <= 0;
    }

    private boolean isAnyYoung(Instant now) {
        untried.values().removeIf(since -> !now.isBefore(since.plus(YOUNG)));
        return !untried.isEmpty();
    }

    private void keepOut(Instant now, Duration time) {
        if (!isKeptOutOrWas(now)) {
            keptOutSince = now;
        }
        keptOutUntil = later(keptOutUntil, now.plus(time));
    }

    /** The time between two trials is too short to count as a break. */
    private boolean isKeptOutOrWas(Instant now) {
        return now.isBefore(keptOutUntil.plus(YOUNG));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Asks to begin a task that is not a suspect. A task that is let in has to {@link #leave}. */
    synchronized boolean enterUntried(AcceptedTask task, Instant now) {
        if (now.isBefore(keptOutUntil)) {
            return false;
        }
        untried.put(Key.of(task), now);
        return true;
    }

    /** Removes a task that was let in or waits; does nothing for any other. */
    synchronized void leave(AcceptedTask task, Instant now) {
        keepTime(now);
        var key = Key.of(task);
        untried.remove(key);
        chosen.remove(key);
        waiting.remove(key);
        someWait = !waiting.isEmpty();
        if (trials.remove(key) != null && !isShortTrialOnOrNext(now)) {
            keptOutUntil = Instant.MIN;
        }
        keepTime(now);
    }

    private boolean isShortTrialOnOrNext(Instant now) {
        return trials.values().stream().anyMatch(trial -> trial.isShort() && trial.isOn(now))
                || waiting.values().stream().anyMatch(one -> one.asksStill(now, attention) && isShort(one.suspicion));
    }

    /** How many threads a partition takes. */
    synchronized void occupy(Object partition, int threads) {
        occupied.put(partition, threads);
    }

    /** How many threads all partitions take. */
    synchronized int occupied() {
        return occupied.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized void close(Object partition) {
        occupied.remove(partition);
    }

    /** Which trials are on. */
    synchronized Trace.Trials trials(Instant now) {
        if (trials.values().stream().anyMatch(trial -> trial.isShort() && trial.isOn(now))) {
            return Trace.Trials.SHORT;
        }
        return trials.values().stream().anyMatch(trial -> trial.tells(now)) ? Trace.Trials.LONG : Trace.Trials.NONE;
    }

    /** The place of a suspect that waits. */
    synchronized Trace.Place placeOfWaiting(Instant now) {
        keepTime(now);
        return onTrialSince == null && chosen.isEmpty() ? Trace.Place.WAITS : Trace.Place.WAITS_FOR_OTHERS;
    }

    /** The place of a suspect that runs. */
    synchronized Trace.Place placeOfRunning(AcceptedTask task, Instant now) {
        var key = Key.of(task);
        var own = trials.get(key);
        if (own == null || !own.isOn(now)) {
            return Trace.Place.BESIDE;
        }
        var others = trials.entrySet().stream()
                .anyMatch(
                        other -> !other.getKey().equals(key) && other.getValue().isOn(now));
        return others || !chosen.isEmpty() ? Trace.Place.TOGETHER : Trace.Place.ALONE;
    }

    /** How long a suspect has waited, or had waited before its trial, while nobody was on trial. */
    synchronized Duration waited(AcceptedTask task, Instant now) {
        var key = Key.of(task);
        var one = waiting.get(key);
        var trial = trials.get(key);
        return one != null ? waited(one, now) : trial != null ? trial.waited : Duration.ZERO;
    }

    private Duration waited(Waiting one, Instant now) {
        return Duration.between(one.since, now).minus(timeOnTrial(now).minus(one.before));
    }

    private Duration timeOnTrial(Instant now) {
        return onTrialSince == null ? timeOnTrial : timeOnTrial.plus(Duration.between(onTrialSince, now));
    }

    private void keepTime(Instant now) {
        var on = trials.values().stream().anyMatch(trial -> trial.tells(now));
        if (on && onTrialSince == null) {
            onTrialSince = now;
        } else if (!on && onTrialSince != null) {
            timeOnTrial = timeOnTrial(now);
            onTrialSince = null;
        }
    }
}
