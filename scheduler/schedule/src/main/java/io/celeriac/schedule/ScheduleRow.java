package io.celeriac.schedule;

/** A row of the table {@code schedule}, readable or not. */
public sealed interface ScheduleRow permits StoredSchedule, UnreadableSchedule {

    /** Set at creation; unique for ever. */
    String id();

    /** Unique. An unreadable row may have any text here. */
    String name();

    /** Starts at 1. Grows with each change by a person, and with each firing that counts down {@code remaining}. */
    long version();
}
