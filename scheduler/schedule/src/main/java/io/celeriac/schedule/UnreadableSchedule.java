package io.celeriac.schedule;

import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;

/**
 * A row that somebody changed by SQL into what is no schedule. It does not fire; it can be replaced or deleted.
 *
 * @param task as it stands in the row, like the queue and the kind, whether it can be one or not
 * @param enabled whether it would fire
 * @param progress how far it had come, without the instants that cannot be read
 * @param created when and by whom; 1970 when that cannot be read
 * @param error what cannot be read, and why
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
