package io.celeriac.schedule.store;

import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.StoredSchedule;

/** The outcome of a person's change to a schedule. */
public sealed interface ScheduleChange {

    /**
     * The change is stored, and takes effect within a second.
     *
     * @param schedule as it is now
     * @param created whether it is new
     */
    record Saved(StoredSchedule schedule, boolean created) implements ScheduleChange {}

    /**
     * The schedule is deleted.
     *
     * @param last as it was
     */
    record Deleted(ScheduleRow last) implements ScheduleChange {}

    /**
     * The schedule is enabled but would never fire. Nothing is stored.
     *
     * @param field name of the field that is at fault
     * @param rule what the field must be, to be read after its name
     */
    record NeverFires(String field, String rule) implements ScheduleChange {}

    /** There is no schedule of that name. */
    record Missing() implements ScheduleChange {}

    /** There is a schedule of that name already. */
    record NameTaken() implements ScheduleChange {}

    /**
     * Somebody else changed the schedule in the meantime.
     *
     * @param version as it is now
     */
    record Stale(long version) implements ScheduleChange {}
}
