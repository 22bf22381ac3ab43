package io.celeriac.engine.worker;

import org.jspecify.annotations.Nullable;

/**
 * The condition of a part of a worker: one of its queues, the reader of the control topic, or its threads.
 *
 * @param health whether the part works
 * @param state in a word or two
 * @param reason what is wrong, for people; null while nothing is wrong
 */
public record Condition(
        Health health, String state, @Nullable String reason) {

    /** Whether a part works. */
    public enum Health {
        UP,
        /** It does not work at the moment: it is starting, or has failed and tries again. */
        NOT_NOW,
        /** It has failed too often in a row, or does not try again. */
        DOWN
    }
}
