package io.celeriac.results.count;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A task that has ended, as it is counted. It is the same whether it comes from a record or from the row that the record became.
 *
 * @param key where it counts
 * @param run from the start of the last attempt to the end; null when no attempt started
 * @param waited from the submission, or the eta if that is later, to the start; null when no attempt started, and when the task had
 *     several attempts, because only the start of the last one is known
 * @param cause why it failed; null when it did not, or nobody said why
 */
public record EndedTask(
        CountKey key,
        @Nullable Duration run,
        @Nullable Duration waited,
        @Nullable FailureCause cause) {

    /**
     * The times of a row, UTC.
     *
     * @param attempt number of the last attempt
     */
    public record Times(
            int attempt,
            LocalDateTime submittedAt,
            @Nullable LocalDateTime eta,
            @Nullable LocalDateTime startedAt,
            @Nullable LocalDateTime finishedAt) {}

    /** Counts a task in the minute of its end, or of its submission where it has no end. */
    public static EndedTask of(String queue, String task, String state, Times times) {
        return new EndedTask(
                new CountKey(end(times).truncatedTo(ChronoUnit.MINUTES), queue, task, state),
                times.startedAt == null || times.finishedAt == null
                        ? null
                        : Duration.between(times.startedAt, times.finishedAt),
                times.startedAt == null || times.attempt > 1 ? null : Duration.between(due(times), times.startedAt),
                null);
    }

    /**
     * The same task with the reason of its failure.
     *
     * @param errorType null for none
     * @param origin where in the code the error came from; null when that is not known
     */
    public EndedTask because(@Nullable String errorType, @Nullable String origin, Times times) {
        return errorType == null
                ? this
                : new EndedTask(key, run, waited, new FailureCause(errorType, origin, end(times)));
    }

    private static LocalDateTime end(Times times) {
        return times.finishedAt == null ? times.submittedAt : times.finishedAt;
    }

    private static LocalDateTime due(Times times) {
        return times.eta == null || times.eta.isBefore(times.submittedAt) ? times.submittedAt : times.eta;
    }
}
