package io.celeriac.schedule;

import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;

/**
 * A row that is no valid schedule, because somebody changed it by SQL. It does not fire. It can be replaced or deleted.
 *
 * @param task as it is in the row, valid or not; the same holds for queue and kind
 * @param enabled whether it would fire
 * @param progress its progress, without unreadable instants
 * @param created when and by whom; 1970 if unreadable
 * @param error what is unreadable, and why
 */
public record UnreadableSchedule(
        String id,
        String name,
        String task,
        String queue,
        String kind,
        boolean enabled,
        Progress progress,
        long version,
        Signed created,
        String error)
        implements ScheduleRow {}
