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
 * What is known of one schedule of a source from its declarations before.
 *
 * @param scheduleId of the schedule that is this source's; null when there is none
 * @param declared in the last declaration; null when it was in it no more, or nothing could be made of it but by another try
 * @param applied what the schedule was last made from; null when it never was
 * @param remark why the schedule is not as declared; null when it is
 */
record Remembered(
        @Nullable String scheduleId,
        @Nullable ObjectNode declared,
        @Nullable ObjectNode applied,
        @Nullable String remark) {

    /** Of one that was never declared. */
    static final Remembered NOTHING = new Remembered(null, null, null, null);

    private static final int LONGEST_REMARK = 1_000;

    Remembered {
        remark = remark == null ? null : PlainText.clipped(remark, LONGEST_REMARK);
    }

    boolean owns(StoredSchedule schedule) {
        return schedule.id().equals(scheduleId);
    }

    /** Empty also when what was a schedule then is none by today's rules. */
    Optional<Schedule> lastDeclared() {
        return read(declared);
    }

    /** As {@link #lastDeclared}. */
    Optional<Schedule> lastApplied() {
        return read(applied);
    }

    private static Optional<Schedule> read(@Nullable ObjectNode json) {
        try {
            return json == null ? Optional.empty() : Optional.of(ScheduleJson.schedule(null, json));
        } catch (InvalidScheduleException e) {
            return Optional.empty(); // told when it was declared
        }
    }

    /** Once the schedule is as declared. */
    Remembered made(String id, ObjectNode json) {
        return new Remembered(id, json, json, null);
    }

    /** Once it has been left as it is. */
    Remembered left(ObjectNode json, @Nullable String why) {
        return new Remembered(scheduleId, json, applied, why);
    }

    /** Once it could not be made as declared; the next declaration tries again, also with the same. */
    Remembered notMade(String why) {
        return new Remembered(scheduleId, null, applied, why);
    }

    /** Once it is declared no more, and yet there. */
    Remembered gone(@Nullable String why) {
        return new Remembered(scheduleId, null, applied, why);
    }
}
