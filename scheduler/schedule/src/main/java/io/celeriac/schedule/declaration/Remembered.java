package io.celeriac.schedule.declaration;

import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.PlainText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What earlier declarations of a source say about one schedule.
 *
 * @param scheduleId of the schedule that belongs to the source; null if none does
 * @param declared as in the last declaration; null if it was not in it, or must be tried again
 * @param applied the declaration that was last applied; null if none was
 * @param remark why the schedule differs from its declaration; null if it does not
 */
record Remembered(
        @Nullable String scheduleId,
        @Nullable ObjectNode declared,
        @Nullable ObjectNode applied,
        @Nullable String remark) {

    /** A schedule that was never declared. */
    static final Remembered NOTHING = new Remembered(null, null, null, null);

    private static final int LONGEST_REMARK = 1_000;

    Remembered {
        remark = remark == null ? null : PlainText.clipped(remark, LONGEST_REMARK);
    }

    boolean owns(StoredSchedule schedule) {
        return schedule.id().equals(scheduleId);
    }

    /** The schedule of the last declaration; empty if there is none, or it is no longer valid by today's rules. */
    Optional<Schedule> lastDeclared() {
        return read(declared);
    }

    /** The schedule that was last applied; empty as for {@link #lastDeclared}. */
    Optional<Schedule> lastApplied() {
        return read(applied);
    }

    private static Optional<Schedule> read(@Nullable ObjectNode json) {
        try {
            return json == null ? Optional.empty() : Optional.of(ScheduleJson.schedule(null, json));
        } catch (InvalidScheduleException e) {
            return Optional.empty(); // logged when it was declared
        }
    }

    /** After the schedule was made as declared. */
    Remembered made(String id, ObjectNode json) {
        return new Remembered(id, json, json, null);
    }

    /** After the schedule was left as it is. */
    Remembered left(ObjectNode json, @Nullable String why) {
        return new Remembered(scheduleId, json, applied, why);
    }

    /** After the schedule could not be made as declared. The next declaration tries again, even if it is the same. */
    Remembered notMade(String why) {
        return new Remembered(scheduleId, null, applied, why);
    }

    /** After the schedule is no longer declared, but still exists. */
    Remembered gone(@Nullable String why) {
        return new Remembered(scheduleId, null, applied, why);
    }
}
