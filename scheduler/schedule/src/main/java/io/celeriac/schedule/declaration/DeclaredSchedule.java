package io.celeriac.schedule.declaration;

import io.celeriac.schedule.ScheduleRow;
import org.jspecify.annotations.Nullable;

/**
 * What became of one schedule that an application declares.
 *
 * @param source name of the application
 * @param name of the schedule, which there need not be
 * @param scheduleId of the schedule that is this source's; null when there is none, or the one of that name is somebody else's
 * @param remark why the schedule is not as it was declared last; null when it is, or was not meant to be
 */
public record DeclaredSchedule(
        String source,
        String name,
        @Nullable String scheduleId,
        @Nullable String remark) {

    /** Whether the schedule is this source's. */
    public boolean owns(ScheduleRow schedule) {
        return schedule.id().equals(scheduleId);
    }
}
