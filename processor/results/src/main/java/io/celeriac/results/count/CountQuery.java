package io.celeriac.results.count;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question to the counters.
 *
 * @param from the first minute
 * @param to the minute after the last
 * @param step length of one step, whole minutes; {@code to} is a whole number of steps after {@code from}
 * @param queue null for all
 * @param task name of the handler; null for all
 */
public record CountQuery(
        Instant from,
        Instant to,
        Duration step,
        @Nullable String queue,
        @Nullable String task) {

    /** Most steps of an answer. */
    public static final int MOST_STEPS = 1_000;

    /** The number of steps. */
    public int steps() {
        return (int) (Duration.between(from, to).toSeconds() / step.toSeconds());
    }
}
