package io.celeriac.engine.worker;

import org.jspecify.annotations.Nullable;

/**
 * How a part of a worker does: one of its queues, or the reader of the control topic.
 *
 * @param health whether it does what it is for
 * @param state in a word
 * @param reason what is wrong, for people; null while nothing is
 */
public record Condition(
        Health health, String state, @Nullable String reason) {

    /** Whether a part does what it is for. */
    public enum Health {
        UP,
        /** Not at the moment: it begins, or has failed and tries again. */
        NOT_NOW,
        /** It has failed too often in a row, or will not try again. */
        DOWN
    }
}
