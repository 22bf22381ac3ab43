package io.celeriac.schedule.store;

import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.StoredSchedule;

/** What came of a person's change to a schedule. */
public sealed interface ScheduleChange {

    /**
     * It is stored, and takes effect within a second.
     *
     * @param schedule as it is now
     * @param created whether it is new
     */
    record Saved(StoredSchedule schedule, boolean created) implements ScheduleChange {}

    /**
     * It is gone.
     *
     * @param last as it was
     */
    record Deleted(ScheduleRow last) implements ScheduleChange {}

    /**
     * It is enabled, and yet would never fire; nothing is stored.
     *
     * @param field name of the field that is at fault
     * @param rule what that must be, to be read after its name
     */
    record NeverFires(String field, String rule) implements ScheduleChange {}

    /** There is no schedule of that name. */
    record Missing() implements ScheduleChange {}

    /** There is a schedule of that name already. */
    record NameTaken() implements ScheduleChange {}

    /**
     * Somebody else has changed it since.
     *
     * @param version as it is now
     */
    record Stale(long version) implements ScheduleChange {}
}
