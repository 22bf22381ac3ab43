package io.celeriac.contract.schedule;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a schedule that is declared in code does to an existing schedule of its name. */
public enum RegisterPolicy {
    /** Nothing, whoever made the schedule: the code creates it once, and from then on it belongs to people. */
    @JsonProperty("create_only")
    CREATE_ONLY,
    /**
     * Updates the schedule to match the code, if this application's code made it and no person has changed it since. A pause is a
     * person's decision and stays, while the rest is updated.
     */
    @JsonProperty("update")
    UPDATE,
    /** Updates the schedule to match the code, whoever made, changed, paused or deleted it. */
    @JsonProperty("overwrite")
    OVERWRITE
}
