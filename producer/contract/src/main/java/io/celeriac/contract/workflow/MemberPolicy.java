package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a group does when one of its members does not succeed. */
public enum MemberPolicy {
    /** The group fails at once. Members that have not been sent are not sent; those that have been sent run to their end. */
    @JsonProperty("failGroup")
    FAIL_GROUP,
    /** The group waits for all members and succeeds. Its result is a list of {@link MemberOutcome}, one for each member. */
    @JsonProperty("keepGoing")
    KEEP_GOING
}
