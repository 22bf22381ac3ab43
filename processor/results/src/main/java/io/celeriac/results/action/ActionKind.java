package io.celeriac.results.action;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an action does with each item. */
public enum ActionKind {
    /** Submits a new task with the arguments of one that has ended. */
    RETRY,
    /** Revokes a task that has not ended. */
    REVOKE,
    /** Sends the task of a dead letter again. */
    REPLAY;

    /** The word for it in the API. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a word. */
    public static Optional<ActionKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
