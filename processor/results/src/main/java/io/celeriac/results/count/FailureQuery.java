package io.celeriac.results.count;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to the counters of failed tasks.
 *
 * @param from the first minute
 * @param to the minute after the last
 * @param queues only these; null for all
 * @param task name of the handler; null for all
 * @param errorType only this; null for all
 */
public record FailureQuery(
        Instant from,
        Instant to,
        @Nullable Set<String> queues,
        @Nullable String task,
        @Nullable String errorType) {

    public FailureQuery {
        queues = queues == null ? null : Set.copyOf(queues);
        errorType = errorType == null ? null : FailureCause.clipped(errorType);
    }

    /** The failures of all minutes that a span up to now touches. */
    public static FailureQuery ofLast(
            Duration span,
            Instant now,
            @Nullable Set<String> queues,
            @Nullable String task,
            @Nullable String errorType) {
        return new FailureQuery(
                now.minus(span).truncatedTo(ChronoUnit.MINUTES),
                now.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES),
                queues,
                task,
                errorType);
    }

    List<Stretch> stretches() {
        return CountQuery.isLong(from, to) ? Stretch.ofHours(from, to) : Stretch.ofMinutes(from, to);
    }
}
