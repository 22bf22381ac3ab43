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
 * @param grouped true: also for each queue and task, which costs as much again
 */
public record CountQuery(
        Instant from,
        Instant to,
        Duration step,
        @Nullable String queue,
        @Nullable String task,
        boolean grouped) {

    /** Most steps of an answer. */
    public static final int MOST_STEPS = 1_000;

    /** A question about steps, queues and tasks. */
    public CountQuery(Instant from, Instant to, Duration step, @Nullable String queue, @Nullable String task) {
        this(from, to, step, queue, task, true);
    }

    /** The same question about steps alone. */
    public CountQuery ungrouped() {
        return new CountQuery(from, to, step, queue, task, false);
    }

    /** The number of steps. */
    public int steps() {
        return (int) (Duration.between(from, to).toSeconds() / step.toSeconds());
    }
}
