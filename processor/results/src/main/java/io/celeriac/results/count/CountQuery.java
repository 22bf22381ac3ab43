package io.celeriac.results.count;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
 * @param grouped true: also for each queue and task, which costs as much again
 */
public record CountQuery(
        Instant from,
        Instant to,
        Duration step,
        @Nullable Set<String> queues,
        @Nullable String task,
        boolean grouped) {

    /** Most steps of an answer. */
    public static final int MOST_STEPS = 1_000;

    /** Shorter spans are read by the minute. */
    private static final Duration LONG = Duration.ofHours(6);

    public CountQuery {
        queues = queues == null ? null : Set.copyOf(queues);
    }

    /** A question about steps, queues and tasks. */
    public CountQuery(Instant from, Instant to, Duration step, @Nullable Set<String> queues, @Nullable String task) {
        this(from, to, step, queues, task, true);
    }

    /** The same question about steps alone. */
    public CountQuery ungrouped() {
        return new CountQuery(from, to, step, queues, task, false);
    }

    /** The number of steps. */
    public int steps() {
        return (int) (Duration.between(from, to).toSeconds() / step.toSeconds());
    }

    /** Where the numbers of the whole span are. */
    List<Stretch> stretches() {
        return isLong(from, to) ? Stretch.ofHours(from, to) : Stretch.ofMinutes(from, to);
    }

    /** Where the numbers of the steps are. Steps of whole hours begin at whole hours. */
    List<Stretch> stretchesOfSteps() {
        return isLong(from, to) && step.toMinutes() % 60 == 0 && from.getEpochSecond() % 3_600 == 0
                ? Stretch.ofHours(from, to)
                : Stretch.ofMinutes(from, to);
    }

    static boolean isLong(Instant from, Instant to) {
        return Duration.between(from, to).compareTo(LONG) > 0;
    }
}
