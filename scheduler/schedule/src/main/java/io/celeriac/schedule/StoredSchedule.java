package io.celeriac.schedule;

import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.rule.PlainText;
import io.celeriac.schedule.rule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the table has it.
 *
 * @param id given at creation and never again: a schedule that is deleted and created anew has another
 * @param schedule what a person wrote
 * @param progress how far it has come, kept by the schedulers
 * @param version grows from 1 with each change by a person, and with each firing that is counted down
 * @param created when and by whom
 * @param updated the last change by a person
 */
public record StoredSchedule(
        String id, Schedule schedule, Progress progress, long version, Signed created, Signed updated)
        implements ScheduleRow {

    /** An instant that has passed by no more than this when it is stored was meant, and fires at once. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /**
     * How far a schedule has come.
     *
     * @param nextFireAt the next firing that is due, in the past when it is overdue; null when there is none any more
     * @param bufferedFireAt the firing that waits until an earlier one has ended, see {@link Overlap}; null when none does
     * @param lastFireAt fire time of the last firing that was emitted; null before the first
     * @param totalFires how many were emitted
     */
    public record Progress(
            @Nullable Instant nextFireAt,
            @Nullable Instant bufferedFireAt,
            @Nullable Instant lastFireAt,
            long totalFires) {

        /** Where a new schedule begins. */
        public static final Progress NONE = new Progress(null, null, null, 0);

        /** The same for one that may fire anew. */
        public Progress rearmed() {
            return new Progress(nextFireAt, bufferedFireAt, lastFireAt, 0);
        }

        /** The same with another next firing. */
        public Progress next(@Nullable Instant next) {
            return new Progress(next, bufferedFireAt, lastFireAt, totalFires);
        }
    }

    /**
     * When something was done, and by whom.
     *
     * @param at when
     * @param by name of the user, of which the table has no more than the first 200 characters; null where there are none
     */
    public record Signed(Instant at, @Nullable String by) {

        private static final int LONGEST = 200;

        public Signed {
            by = by == null ? null : PlainText.clipped(by, LONGEST);
        }
    }

    @Override
    public String name() {
        return schedule.name();
    }

    /** The same schedule at another place. */
    public StoredSchedule with(Progress newProgress) {
        return new StoredSchedule(id, schedule, newProgress, version, created, updated);
    }

    /** The same schedule after a firing. */
    public StoredSchedule fired(Instant fireTime) {
        var remaining = schedule.remaining();
        var left = remaining == null
                ? schedule
                : schedule.toBuilder().remaining(Math.max(0, remaining - 1)).build();
        var after = new StoredSchedule(
                id,
                left,
                new Progress(null, progress.bufferedFireAt, fireTime, progress.totalFires + 1),
                version,
                created,
                updated);
        return after.with(after.progress.next(after.next(fireTime).orElse(null)));
    }

    /** The same schedule after the firing that waited. */
    public StoredSchedule firedBuffered(Instant fireTime) {
        var after = fired(fireTime);
        var next = after.firesLeft() == 0 ? null : progress.nextFireAt();
        return after.with(new Progress(next, null, fireTime, after.progress.totalFires()));
    }

    /** The instants at which it is due. */
    public Timetable timetable() {
        return schedule.timing().timetable(anchor());
    }

    /** The same instants, and those after its end. */
    public Timetable unended() {
        var timing = schedule.timing();
        return new Timing(timing.rule(), timing.timezone(), timing.startAt(), null).timetable(anchor());
    }

    /** Where a rule begins that has no start; one that is an instant is not too early for having been stored after it. */
    private Instant anchor() {
        return schedule.timing().rule() instanceof Clocked clocked
                        && clocked.at().isBefore(created.at())
                ? clocked.at()
                : created.at();
    }

    /** The first firing after this instant; empty when there is none, or it has fired as often as it may. */
    public Optional<Instant> next(Instant after) {
        return firesLeft() == 0 ? Optional.empty() : timetable().next(after);
    }

    /** The first firing for one whose timing is new; none that is not after its last, should the clock have been set back. */
    public Optional<Instant> nextAnew(Instant now) {
        return next(anewAfter(now));
    }

    /** What the first firing of a new timing is later than. */
    public Instant anewAfter(Instant now) {
        var from = schedule.timing().rule() instanceof Clocked ? now.minus(GRACE) : now;
        var last = progress.lastFireAt();
        return last == null || last.isBefore(from) ? from : last;
    }

    /** How often it may fire yet. */
    public long firesLeft() {
        var remaining = schedule.remaining();
        var left = remaining == null ? Long.MAX_VALUE : remaining;
        return schedule.oneOff() ? Math.min(left, progress.totalFires() > 0 ? 0 : 1) : left;
    }

    /** Id of the task of a firing, which is the same whoever emits it and however often. */
    public String taskId(Instant fireTime) {
        return TaskIds.ofFiring(id, fireTime);
    }

    /**
     * When a firing is to be emitted: its fire time and a part of the jitter, which follows from the firing's id, so that all schedulers
     * agree on it.
     */
    public Instant dueAt(Instant fireTime) {
        var jitter = schedule.jitter().toNanos() / 1_000;
        if (jitter == 0) {
            return fireTime;
        }
        var random = UUID.fromString(taskId(fireTime)).getLeastSignificantBits();
        var due = fireTime.plus(Math.floorMod(random, jitter + 1), ChronoUnit.MICROS);
        return due.isAfter(Timetable.LAST) ? Timetable.LAST : due;
    }

    /** When a scheduler has to look at it; null for never. */
    @Nullable
    public Instant dueAt() {
        var next = progress.nextFireAt();
        var buffered = progress.bufferedFireAt();
        if (next == null) {
            return buffered;
        }
        var due = dueAt(next);
        return buffered == null || due.isBefore(buffered) ? due : buffered;
    }

    /** The task of a firing. */
    public Task task(Instant fireTime) {
        return task(taskId(fireTime), fireTime, fireTime);
    }

    /**
     * The task of a firing.
     *
     * @param expiresFrom what {@link Schedule#expiresAfter()} is counted from
     */
    public Task task(String id, Instant fireTime, Instant expiresFrom) {
        var expiresAfter = schedule.expiresAfter();
        return schedule.template()
                .begin()
                .id(id)
                .schedule(new Firing(schedule.name(), fireTime))
                .expires(expiresAfter == null ? null : expiresFrom.plus(expiresAfter))
                .build();
    }
}
