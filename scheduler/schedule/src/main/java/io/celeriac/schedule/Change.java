package io.celeriac.schedule;

/** What came of a person's change to a schedule. */
public sealed interface Change {

    /**
     * It is stored, and takes effect within a second.
     *
     * @param schedule as it is now; as it was last, when it was deleted
     * @param created whether it is new
     */
    record Saved(StoredSchedule schedule, boolean created) implements Change {}

    /** There is no schedule of that name. */
    record Missing() implements Change {}

    /** There is a schedule of that name already. */
    record NameTaken() implements Change {}

    /**
     * Somebody else has changed it since.
     *
     * @param version as it is now
     */
    record Stale(long version) implements Change {}
}
