package io.celeriac.results.action;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The state of an action. */
public enum ActionState {
    /** Gateways work on it, one at a time. */
    RUNNING,
    /** Every item has an outcome. */
    DONE,
    /** Somebody stopped it. */
    ABORTED;

    /** The word for it in the API. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
