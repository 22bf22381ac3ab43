package io.celeriac.contract.schedule;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a schedule that is declared in code does to a schedule of its name that is there already. */
public enum RegisterPolicy {
    /** Nothing, whoever made it: the code makes the schedule once, and from then on it belongs to people. */
    @JsonProperty("create_only")
    CREATE_ONLY,
    /**
     * It becomes as the code has it, if this application's code made it and no person has changed it since. A pause is the
     * person's and stays, while the rest is brought up to date.
     */
    @JsonProperty("update")
    UPDATE,
    /** It becomes as the code has it, whoever made, changed, paused or deleted it. */
    @JsonProperty("overwrite")
    OVERWRITE
}
