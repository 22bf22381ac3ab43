package io.celeriac.results.count;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to the counters.
 *
 * @param from the first minute
 * @param to the minute after the last
 * @param step length of one step, whole minutes; {@code to} is a whole number of steps after {@code from}
 * @param queues only these; null for all
 * @param task name of the handler; null for all
 */
public record CountQuery(
        Instant from,
        Instant to,
        Duration step,
        @Nullable Set<String> queues,
        @Nullable String task) {

    /** Most steps of an answer. */
    public static final int MOST_STEPS = 1_000;

    public CountQuery {
        queues = queues == null ? null : Set.copyOf(queues);
    }

    /** The number of steps. */
    public int steps() {
        return (int) (Duration.between(from, to).toSeconds() / step.toSeconds());
    }
}
