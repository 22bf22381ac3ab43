package io.celeriac.results.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The failed attempts of one task name that have the same cause.
 *
 * @param task name of the handler
 * @param errorType class of the exception, or a word of ours such as {@code TimeLimitExceeded}
 * @param origin where in the code it came from; null when that is not known
 * @param attempts how many failed so, those that were retried included
 * @param tasks how many tasks that were
 * @param firstAt end of the first such attempt of the time asked for
 * @param lastAt end of the last
 * @param lastTaskId the task of the last
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
