package io.celeriac.schedule;

import io.celeriac.contract.Firing;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskIds;
import io.celeriac.schedule.rule.Timetable;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the table has it.
 *
 * @param id given at creation and never again: a schedule that is deleted and created anew has another
 * @param schedule what a person wrote
 * @param progress how far it has come, kept by the schedulers
 * @param version grows with each change by a person, from 1
 * @param created when and by whom
 * @param updated the last change by a person
 */
public record StoredSchedule(
        String id, Schedule schedule, Progress progress, long version, Signed created, Signed updated) {

    /**
     * How far a schedule has come.
     *
     * @param nextFireAt the next run that is due, in the past when it is overdue; null when there is none any more
     * @param lastFireAt fire time of the last run that was emitted; null before the first
     * @param totalFires how many were emitted
     */
    public record Progress(
            @Nullable Instant nextFireAt, @Nullable Instant lastFireAt, long totalFires) {

        /** Where a new schedule begins. */
        public static final Progress NONE = new Progress(null, null, 0);

        /** The same with another next run. */
        Progress next(@Nullable Instant next) {
            return new Progress(next, lastFireAt, totalFires);
        }
    }

    /**
     * When something was done, and by whom.
     *
     * @param at when
     * @param by name of the user; null where there are none
     */
    public record Signed(Instant at, @Nullable String by) {}

    /** The instants at which it is due. */
    public Timetable timetable() {
        return schedule.timing().timetable(created.at());
    }

    /** The first run after this instant; empty when there is none, or it has fired as often as it may. */
    public Optional<Instant> next(Instant after) {
        return firesLeft() == 0 ? Optional.empty() : timetable().next(after);
    }

    /** How often it may fire yet. */
    public long firesLeft() {
        var remaining = schedule.remaining();
        var left = remaining == null ? Long.MAX_VALUE : remaining;
        return schedule.oneOff() ? Math.min(left, progress.totalFires() > 0 ? 0 : 1) : left;
    }

    /** Id of the task of a run, which is the same whoever emits it and however often. */
    public String taskId(Instant fireTime) {
        return TaskIds.ofFiring(id, fireTime);
    }

    /** The task of a run. */
    public Task task(Instant fireTime) {
        var expiresAfter = schedule.expiresAfter();
        return schedule.template()
                .begin()
                .id(taskId(fireTime))
                .schedule(new Firing(schedule.name(), fireTime))
                .expires(expiresAfter == null ? null : fireTime.plus(expiresAfter))
                .build();
    }
}
