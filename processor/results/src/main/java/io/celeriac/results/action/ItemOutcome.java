package io.celeriac.results.action;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What became of an item. */
public enum ItemOutcome {
    /** The broker has the new task, or the command. */
    DONE,
    /** It does not fit the action: a task that has not ended cannot be retried. */
    REFUSED,
    /** The broker never takes it. */
    FAILED;

    /** The word for it in the API. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
