package io.celeriac.schedule;

/** A row of the table of schedules, for those who only look at it. */
public sealed interface ScheduleRow permits StoredSchedule, UnreadableSchedule {

    /** Given at creation and never again. */
    String id();

    /** Unique; of one that cannot be read, whatever somebody wrote there. */
    String name();

    /** Grows with each change by a person, from 1. */
    long version();
}
