package io.celeriac.schedule;

import io.celeriac.schedule.CatchUp.Policy;
import io.celeriac.schedule.rule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what becomes of the runs that are due: a pure function of the schedule and the time.
 *
 * <p>A run is late up to {@code missedAfter}, and then missed. Late ones are all emitted; of the missed ones the schedule's
 * {@link CatchUp} says which. With {@link Policy#LAST} a schedule that missed some emits just one, its last, in place of all
 * that are due. Every run is in the plan, emitted or skipped.
 */
public final class FiringPlanner {

    /** Runs of one schedule in one plan, so that none holds up the others; the rest is due at once again. */
    static final int MOST_RUNS = 100;

    private final Duration missedAfter;

    /**
     * @param missedAfter what lateness a running scheduler may have; longer, and the run counts as missed
     */
    public FiringPlanner(Duration missedAfter) {
        this.missedAfter = missedAfter;
    }

    /**
     * @param schedule with a next run that is not after {@code now}
     */
    FiringPlan plan(StoredSchedule schedule, Instant due, Instant now) {
        return new Planning(schedule, now).plan(due);
    }

    /** Begins again from now, for a schedule that was written by hand. A run that was due by the old rule is skipped. */
    static FiringPlan anew(StoredSchedule schedule, Instant now) {
        var next = schedule.next(now).orElse(null);
        return new FiringPlan(schedule, overtaken(schedule, now).stream().toList(), next);
    }

    /** The run that was due when a person changed the rule, if there was one: it is not emitted. */
    static Optional<ScheduleFiring> overtaken(StoredSchedule before, Instant now) {
        var due = before.progress().nextFireAt();
        return due == null || due.isAfter(now)
                ? Optional.empty()
                : Optional.of(ScheduleFiring.skipped(due, due, 1, "the schedule was changed while this was due", now));
    }

    private final class Planning {
        private final StoredSchedule schedule;
        private final Timetable table;
        private final CatchUp catchUp;
        private final Instant now;
        private final Instant missedBefore;
        private final List<ScheduleFiring> firings = new ArrayList<>();
        private long left;

        Planning(StoredSchedule schedule, Instant now) {
            this.schedule = schedule;
            this.now = now;
            table = schedule.timetable();
            catchUp = schedule.schedule().catchUp();
            missedBefore = now.minus(missedAfter);
            left = schedule.firesLeft();
        }

        FiringPlan plan(Instant due) {
            var next = left == 0 ? Optional.<Instant>empty() : emit(toEmit(due));
            return new FiringPlan(schedule, firings, left == 0 ? null : next.orElse(null));
        }

        /** Skips what the policy gives up, and answers the first run that is to be emitted. */
        private Optional<Instant> toEmit(Instant due) {
            if (!due.isBefore(missedBefore)) {
                return Optional.of(due);
            }
            var last = table.last(due, now);
            var oldest = now.minus(catchUp.window());
            return switch (catchUp.policy()) {
                case NONE -> skipUntil(due, missedBefore, "missed, and the schedule does not catch up");
                case LAST ->
                    last.isBefore(oldest)
                            ? skipUntil(due, oldest, tooOld())
                            : skipUntil(due, last, "missed, and a later run stands for it");
                case ALL -> skipUntil(due, oldest, tooOld());
            };
        }

        private String tooOld() {
            return "missed by more than the catch-up window of " + catchUp.window();
        }

        private Optional<Instant> skipUntil(Instant due, Instant end, String reason) {
            if (!due.isBefore(end)) {
                return Optional.of(due);
            }
            var last = table.last(due, end.minusNanos(1_000));
            firings.add(ScheduleFiring.skipped(due, last, table.count(due, last), reason, now));
            return table.next(last);
        }

        /** Emits from the first run to the last that is due, and answers the one after. */
        private Optional<Instant> emit(Optional<Instant> first) {
            var next = first;
            for (var runs = 0; runs < MOST_RUNS && left > 0 && next.isPresent(); runs++) {
                var fireTime = next.get();
                if (fireTime.isAfter(now)) {
                    break;
                }
                var kind = fireTime.isBefore(missedBefore) ? FiringKind.CAUGHT_UP : FiringKind.TIMED;
                firings.add(ScheduleFiring.emitted(fireTime, kind, schedule.taskId(fireTime), now));
                left--;
                next = table.next(fireTime);
            }
            return next;
        }
    }
}
