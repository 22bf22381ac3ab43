package io.celeriac.schedule.declaration;

import io.celeriac.schedule.ScheduleRow;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that an application declares, and the outcome.
 *
 * @param source name of the application
 * @param name of the schedule, which may not exist
 * @param scheduleId of the schedule that belongs to the source; null if none does
 * @param remark why the schedule differs from its last declaration; null if it does not, or if this is intended
 */
public record DeclaredSchedule(
        String source,
        String name,
        @Nullable String scheduleId,
        @Nullable String remark) {

    /** Whether the schedule belongs to the source. */
    public boolean owns(ScheduleRow schedule) {
        return schedule.id().equals(scheduleId);
    }
}
