package io.celeriac.schedule;

import io.celeriac.contract.schedule.Overlap;
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
 * A schedule with its id, its progress and its version.
 *
 * @param id set at creation; a schedule that is deleted and created again gets another
 * @param schedule as a person defined it
 * @param progress how far the schedulers have come with it
 * @param version starts at 1; grows with each change by a person, and with each firing that counts down {@code remaining}
 * @param created when and by whom
 * @param updated when and by whom it was last changed
 */
public record StoredSchedule(
        String id, Schedule schedule, Progress progress, long version, Signed created, Signed updated)
        implements ScheduleRow {

    /** An instant that has passed by at most this much when it is stored still fires, at once. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /**
     * How far a schedule has come.
     *
     * @param nextFireAt fire time of the next firing, in the past if it is overdue; null if there is none
     * @param bufferedFireAt fire time of the firing that waits until an earlier one has ended, see {@link Overlap}; null if none waits
     * @param lastFireAt fire time of the last emitted firing; null before the first
     * @param totalFires how many were emitted
     */
    public record Progress(
            @Nullable Instant nextFireAt,
            @Nullable Instant bufferedFireAt,
            @Nullable Instant lastFireAt,
            long totalFires) {

        /** Where a new schedule begins. */
        public static final Progress NONE = new Progress(null, null, null, 0);

        /** The same progress, with no firing counted. */
        public Progress rearmed() {
            return new Progress(nextFireAt, bufferedFireAt, lastFireAt, 0);
        }

        /** The same progress, with another next firing. */
        public Progress next(@Nullable Instant next) {
            return new Progress(next, bufferedFireAt, lastFireAt, totalFires);
        }
    }

    /**
     * The time and the author of a change.
     *
     * @param at when
     * @param by name of the user, cut to 200 characters; null if unknown
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

    /** The same schedule with other progress. */
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

    /** The same schedule after the firing that waited for an earlier one. */
    public StoredSchedule firedBuffered(Instant fireTime) {
        var after = fired(fireTime);
        var next = after.firesLeft() == 0 ? null : progress.nextFireAt();
        return after.with(new Progress(next, null, fireTime, after.progress.totalFires()));
    }

    /** The fire times of the schedule. */
    public Timetable timetable() {
        return schedule.timing().timetable(anchor());
    }

    /** The fire times of the schedule as if it had no end. */
    public Timetable unended() {
        var timing = schedule.timing();
        return new Timing(timing.rule(), timing.timezone(), timing.startAt(), null).timetable(anchor());
    }

    /**
     * Where the rule starts if the schedule has no start: at its creation. A single instant that is earlier than the creation is its
     * own start.
     */
    private Instant anchor() {
        return schedule.timing().rule() instanceof Clocked clocked
                        && clocked.at().isBefore(created.at())
                ? clocked.at()
                : created.at();
    }

    /** The first fire time after an instant; empty if there is none, or no firings are left. */
    public Optional<Instant> next(Instant after) {
        return firesLeft() == 0 ? Optional.empty() : timetable().next(after);
    }

    /** The first fire time of a new timing. It is later than the last firing, even if the clock was set back. */
    public Optional<Instant> nextAnew(Instant now) {
        return next(anewAfter(now));
    }

    /** The instant after which a new timing fires first. */
    public Instant anewAfter(Instant now) {
        var from = schedule.timing().rule() instanceof Clocked ? now.minus(GRACE) : now;
        var last = progress.lastFireAt();
        return last == null || last.isBefore(from) ? from : last;
    }

    /** How many firings are left. */
    public long firesLeft() {
        var remaining = schedule.remaining();
        var left = remaining == null ? Long.MAX_VALUE : remaining;
        return schedule.oneOff() ? Math.min(left, progress.totalFires() > 0 ? 0 : 1) : left;
    }

    /** The id of the task of a firing. It is the same whichever scheduler emits it, and however often. */
    public String taskId(Instant fireTime) {
        return TaskIds.ofFiring(id, fireTime);
    }

    /**
     * When a firing is emitted: its fire time plus a part of the jitter. The part follows from the id of the task, so that all
     * schedulers agree.
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

    /** When a scheduler looks at the schedule next; null for never. */
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
     * @param expiresFrom the instant from which {@link Schedule#expiresAfter()} counts
     */
    public Task task(String id, Instant fireTime, Instant expiresFrom) {
        var expiresAfter = schedule.expiresAfter();
        return schedule.template()
                .begin(fireTime.atZone(schedule.timing().timezone()))
                .id(id)
                .schedule(new Firing(schedule.name(), fireTime))
                .expires(expiresAfter == null ? null : expiresFrom.plus(expiresAfter))
                .build();
    }
}
