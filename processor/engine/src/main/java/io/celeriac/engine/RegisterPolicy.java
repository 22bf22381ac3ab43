package io.celeriac.engine;

/** What a {@link PeriodicTask} does about a schedule of its name that is there already. */
public enum RegisterPolicy {
    /** Nothing, whoever made it: the code makes the schedule once, and from then on it belongs to people. */
    CREATE_ONLY,
    /**
     * It becomes as the code has it, if this application's code made it and no person has changed it since. A pause is the
     * person's and stays, while the rest is brought up to date.
     */
    UPDATE,
    /** It becomes as the code has it, whoever made, changed, paused or deleted it. */
    OVERWRITE
}
