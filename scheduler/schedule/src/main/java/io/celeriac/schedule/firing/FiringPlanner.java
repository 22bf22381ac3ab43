package io.celeriac.schedule.firing;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.firing.FiringPlan.Next;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.rule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to due firings, as a pure function of schedule and time.
 *
 * <p>A firing is late until {@code missedAfter} has passed, and missed afterwards. All late firings are emitted. {@link CatchUp}
 * decides which missed ones are: with {@link CatchUpPolicy#LAST}, only the last one, in place of all that are due. {@link Overlap} then
 * decides which of these start now. An expired firing is skipped. Every due firing is in the plan: emitted, skipped, or waiting for an
 * earlier one to end. If firings are skipped before one that is emitted, they are a plan of their own, and the emitted one is in the
 * next plan.
 */
public final class FiringPlanner {

    /** Firings of one schedule in one plan, so that no schedule holds up the others. The rest is due again at once. */
    static final int MOST_FIRINGS = 100;

    /** How soon a scheduler looks again at a firing that waits for an earlier one to end. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);

    private static final String WAITED = "it waited until an earlier firing had ended";
    private static final String DOES_NOT = "missed, and the schedule does not catch up";

    private final Duration missedAfter;

    /**
     * @param missedAfter how late a firing may be before it counts as missed
     */
    public FiringPlanner(Duration missedAfter) {
        this.missedAfter = missedAfter;
    }

    /**
     * @param schedule a due schedule
     * @param running ids of tasks of earlier firings that have not ended, if the schedule's {@link Overlap} needs them
     * @param look why a scheduler looks at it
     */
    FiringPlan plan(StoredSchedule schedule, Collection<String> running, Look look, Instant now) {
        return new Planning(schedule, look, now).plan(running);
    }

    /**
     * Why a scheduler looks at a schedule.
     *
     * @param dueAt since when it is due
     * @param chosen whether its next firing was {@linkplain Next#chosen() chosen} by the plan before
     */
    record Look(Instant dueAt, boolean chosen) {}

    /** Starts again from now, for a schedule that was changed by SQL. A firing that was due by the old rule is skipped. */
    static FiringPlan anew(StoredSchedule schedule, Instant now) {
        var progress = schedule.progress().next(schedule.nextAnew(now).orElse(null));
        var next = new Next(
                progress.nextFireAt(),
                progress.bufferedFireAt(),
                schedule.with(progress).dueAt());
        return new FiringPlan(
                schedule, ScheduleFiring.overtaken(schedule, now).stream().toList(), next, List.of(), Set.of());
    }

    private final class Planning {
        private final StoredSchedule schedule;
        private final Timetable table;
        private final CatchUp catchUp;
        private final Look look;
        private final Instant now;
        private final Instant missedBefore;
        private final List<ScheduleFiring> firings = new ArrayList<>();

        Planning(StoredSchedule schedule, Look look, Instant now) {
            this.schedule = schedule;
            this.look = look;
            this.now = now;
            table = schedule.timetable();
            catchUp = schedule.schedule().catchUp();
            missedBefore = now.minus(missedAfter);
        }

        FiringPlan plan(Collection<String> running) {
            var waiting = waiting();
            var left = schedule.firesLeft() - (waiting == null ? 0 : 1);
            if (waiting != null && left < 0) {
                firings.add(waiting.skipped("the schedule has fired as often as it may"));
                waiting = null;
            }
            var due = new ArrayList<ScheduleFiring>();
            var next = Optional.<Instant>empty();
            if (left > 0) {
                var first = firstToEmit();
                if (waiting == null
                        && !firings.isEmpty()
                        && first.filter(this::isDue).isPresent()) {
                    return onlySkipped(first.get());
                }
                next = collect(first, left, due);
            }
            var known = new HashSet<String>();
            due.removeIf(firing -> running.contains(firing.taskId()) && isKnown(firing, known));
            var overlapping = new Overlapping(schedule.schedule().overlap(), running);
            overlapping.decide(waiting, due);
            overlapping.firings().forEach(firing -> firings.add(firing.isEmitted() ? unlessExpired(firing) : firing));
            var skippedFirst = firstBehindSkipped(waiting);
            if (skippedFirst.isPresent()) {
                return onlySkippedBefore(skippedFirst.get(), waiting);
            }
            return new FiringPlan(
                    schedule,
                    ScheduleFiring.merged(firings),
                    goOn(next.orElse(null), overlapping.buffered()),
                    overlapping.toRevoke(),
                    known);
        }

        private boolean isDue(Instant fireTime) {
            return !schedule.dueAt(fireTime).isAfter(now);
        }

        /**
         * Plans only the skipped firings, and marks the one that replaces them as chosen. It is sent after the skipped ones are
         * recorded. Otherwise, if the scheduler died in between, the next one could choose another firing, and record the sent one as
         * skipped.
         */
        private FiringPlan onlySkipped(Instant first) {
            var next = new Next(first, null, look.dueAt, true);
            return new FiringPlan(schedule, firings, next, List.of(), Set.of());
        }

        /** The first firing to emit after skipped ones, apart from the one that waited. */
        private Optional<ScheduleFiring> firstBehindSkipped(@Nullable ScheduleFiring waiting) {
            var isWaiting = waiting == null ? null : waiting.fireTime();
            return firings.stream()
                    .filter(firing -> firing.isEmitted() && !firing.fireTime().equals(isWaiting))
                    .min(Comparator.comparing(ScheduleFiring::fireTime))
                    .filter(first -> firings.stream()
                            .anyMatch(firing ->
                                    !firing.isEmitted() && firing.fireTime().isBefore(first.fireTime())));
        }

        private FiringPlan onlySkippedBefore(ScheduleFiring first, @Nullable ScheduleFiring waiting) {
            var skipped = firings.stream()
                    .filter(firing -> !firing.isEmitted() && firing.fireTime().isBefore(first.fireTime()))
                    .toList();
            var waits = waiting != null
                            && skipped.stream()
                                    .noneMatch(firing -> firing.fireTime().equals(waiting.fireTime()))
                    ? waiting.fireTime()
                    : null;
            var next = new Next(first.fireTime(), waits, look.dueAt, true);
            return new FiringPlan(schedule, ScheduleFiring.merged(skipped), next, List.of(), Set.of());
        }

        /** Adds a firing whose task exists, since a person asked for it. It must not wait for itself. */
        private boolean isKnown(ScheduleFiring firing, Set<String> known) {
            firings.add(firing.known());
            return known.add(Objects.requireNonNull(firing.taskId()));
        }

        /** The firing that waits for an earlier one; null if there is none, or it was missed too and is given up. */
        private @Nullable ScheduleFiring waiting() {
            var fireTime = schedule.progress().bufferedFireAt();
            if (fireTime == null) {
                return null;
            }
            var firing = emitted(fireTime, FiringKind.TIMED).because(WAITED);
            if (!look.dueAt.isBefore(missedBefore)) {
                return firing;
            }
            var givenUp = catchUp.policy() == CatchUpPolicy.NONE
                    ? Optional.of(DOES_NOT)
                    : Optional.of(tooOld()).filter(reason -> fireTime.isBefore(now.minus(catchUp.window())));
            givenUp.ifPresent(reason -> firings.add(firing.skipped(reason)));
            return givenUp.isPresent() ? null : firing;
        }

        private ScheduleFiring emitted(Instant fireTime, FiringKind kind) {
            return ScheduleFiring.emitted(fireTime, kind, schedule.taskId(fireTime), now);
        }

        /** Skips the firings that the policy gives up, and returns the first one to emit. It may not be due yet. */
        private Optional<Instant> firstToEmit() {
            var first = schedule.progress().nextFireAt();
            if (first == null || !isMissed(first) || look.chosen) {
                return Optional.ofNullable(first);
            }
            var jitter = schedule.schedule().jitter();
            var oldest = now.minus(catchUp.window());
            return switch (catchUp.policy()) {
                case NONE -> skipUntil(first, missedBefore.minus(jitter), DOES_NOT);
                case LAST -> {
                    var last = table.last(first, latest(first, now.minus(jitter)));
                    yield last.isBefore(oldest)
                            ? skipUntil(first, oldest, tooOld())
                            : skipUntil(first, last, "missed, and a later firing stands for it");
                }
                case ALL -> skipUntil(first, oldest, tooOld());
            };
        }

        /** Firings are emitted in the order of their fire times, so the jitter of one may delay the next. */
        private boolean isMissed(Instant fireTime) {
            return fireTime.plus(schedule.schedule().jitter()).isBefore(missedBefore);
        }

        private String tooOld() {
            return "missed by more than the catch-up window of " + catchUp.window();
        }

        private Optional<Instant> skipUntil(Instant first, Instant end, String reason) {
            if (!first.isBefore(end)) {
                return Optional.of(first);
            }
            var last = table.last(first, end.minusNanos(1_000));
            firings.add(ScheduleFiring.skipped(first, last, table.count(first, last), reason, now));
            return table.next(last);
        }

        /** Collects the due firings from the first on, and returns the one after them; empty if no firings are left. */
        private Optional<Instant> collect(Optional<Instant> first, long left, List<ScheduleFiring> due) {
            var next = first;
            var chosen = look.chosen // otherwise a later firing would replace it again and again
                    && (catchUp.policy() != CatchUpPolicy.ALL
                            || schedule.schedule().overlap() == Overlap.CANCEL_OTHER);
            for (var looked = 0;
                    looked < (chosen ? 1 : MOST_FIRINGS) && due.size() < left && next.isPresent();
                    looked++) {
                var fireTime = next.get();
                if (!isDue(fireTime)) {
                    break;
                }
                if (!isMissed(fireTime) || (chosen && catchUp.policy() == CatchUpPolicy.NONE)) {
                    due.add(emitted(fireTime, FiringKind.TIMED));
                } else if (catchUp.policy() == CatchUpPolicy.NONE) {
                    firings.add(ScheduleFiring.skipped(fireTime, fireTime, 1, DOES_NOT, now));
                } else {
                    due.add(emitted(fireTime, FiringKind.CAUGHT_UP));
                }
                next = table.next(fireTime);
            }
            return next;
        }

        private ScheduleFiring unlessExpired(ScheduleFiring firing) {
            var expiresAfter = schedule.schedule().expiresAfter();
            return expiresAfter == null || firing.fireTime().plus(expiresAfter).isAfter(now)
                    ? firing
                    : firing.skipped("it expired before it could be emitted, " + expiresAfter + " after its fire time");
        }

        /** The firing after the last one of the plan, for a schedule whose last firing was skipped. */
        private Optional<Instant> afterAll() {
            return firings.stream()
                    .map(ScheduleFiring::fireUntil)
                    .max(Comparator.naturalOrder())
                    .flatMap(table::next);
        }

        private Next goOn(@Nullable Instant next, @Nullable Instant buffered) {
            var used = firings.stream().filter(ScheduleFiring::isEmitted).count() + (buffered == null ? 0 : 1);
            var fireAt = used < schedule.firesLeft()
                    ? Optional.ofNullable(next).or(this::afterAll).orElse(null)
                    : null;
            var dueAt =
                    fireAt == null ? null : latest(schedule.dueAt(fireAt), now); // after schedules that are due by now
            var again = now.plus(buffered == null ? LOOK_AGAIN : patience(Duration.between(buffered, now)));
            return new Next(
                    fireAt, buffered, buffered == null || (dueAt != null && dueAt.isBefore(again)) ? dueAt : again);
        }
    }

    /** How soon to look again at a waiting firing: a tenth of how long it has waited. */
    private static Duration patience(Duration waited) {
        var tenth = waited.dividedBy(10);
        return tenth.compareTo(LOOK_AGAIN) < 0 ? LOOK_AGAIN : tenth.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : tenth;
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
