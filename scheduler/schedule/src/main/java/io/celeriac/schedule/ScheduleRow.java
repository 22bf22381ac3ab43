package io.celeriac.schedule;

/** A row of the table of schedules, for those who only look at it. */
public sealed interface ScheduleRow permits StoredSchedule, UnreadableSchedule {

    /** Given at creation and never again. */
    String id();

    /** Unique; of one that cannot be read, whatever somebody wrote there. */
    String name();

    /** Grows from 1 with each change by a person, and with each firing that is counted down. */
    long version();
}
