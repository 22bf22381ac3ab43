package io.celeriac.results.count;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one name that failed for the same reason.
 *
 * @param task name of the handler
 * @param errorType class of the exception, or a word of Celeriac such as {@code TimeLimitExceeded}; at most 255 characters
 * @param origin where in the code the error came from; null when that is not known
 * @param tasks how many
 * @param lastAt end of the last of them
 */
public record FailedTasks(
        String task, String errorType, @Nullable String origin, long tasks, Instant lastAt) {

    FailedTasks plus(FailedTasks other) {
        return new FailedTasks(
                task, errorType, origin, tasks + other.tasks, lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
    }
}
