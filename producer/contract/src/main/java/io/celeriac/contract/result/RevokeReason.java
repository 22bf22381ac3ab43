package io.celeriac.contract.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.task.TaskState;

/** Why a task ended as {@link TaskState#REVOKED}. */
public enum RevokeReason {
    /** Somebody asked for it. */
    @JsonProperty("revoked")
    REVOKED,
    /** Its {@code expires} passed before an attempt could start. */
    @JsonProperty("expired")
    EXPIRED,
    /** Its queue was purged before an attempt could start. */
    @JsonProperty("purged")
    PURGED,
    /** A part of its workflow that it depends on has failed. */
    @JsonProperty("parentFailed")
    PARENT_FAILED,
    /** Another task of its unique key was there before. */
    @JsonProperty("notUnique")
    NOT_UNIQUE,
    /** A later task of its unique key has taken its place. */
    @JsonProperty("replaced")
    REPLACED
}
