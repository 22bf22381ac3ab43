package io.celeriac.results.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The failed attempts of one task name that have the same cause.
 *
 * @param task name of the handler
 * @param errorType class of the exception, or a word of Celeriac such as {@code TimeLimitExceeded}
 * @param origin where in the code the error came from; null when that is not known
 * @param attempts how many attempts failed, including those that were retried
 * @param tasks how many tasks these attempts belong to
 * @param firstAt end of the first of these attempts in the range
 * @param lastAt end of the last of these attempts
 * @param lastTaskId task of the last of these attempts
 */
public record FailureGroup(
        String task,
        String errorType,
        @Nullable String origin,
        long attempts,
        long tasks,
        Instant firstAt,
        Instant lastAt,
        String lastTaskId) {}
