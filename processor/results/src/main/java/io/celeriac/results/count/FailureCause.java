package io.celeriac.results.count;

import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Why a task failed.
 *
 * @param errorType class of the exception, or a word of Celeriac such as {@code TimeLimitExceeded}; clipped
 * @param origin where in the code the error came from; null when that is not known
 * @param at when the task ended, UTC
 */
public record FailureCause(String errorType, @Nullable String origin, LocalDateTime at) {

    private static final int LONGEST = 255;

    public FailureCause {
        errorType = clipped(errorType);
    }

    static String clipped(String errorType) {
        return errorType.codePointCount(0, errorType.length()) <= LONGEST
                ? errorType
                : errorType.substring(0, errorType.offsetByCodePoints(0, LONGEST));
    }
}
