package io.celeriac.contract;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed.
 *
 * @param type name of the exception's class, or one of ours such as {@code TimeLimitExceeded}
 * @param message the exception's message; null where it has none
 * @param stackTrace printed stack trace; null where no code was reached
 */
public record TaskError(
        String type, @Nullable String message, @Nullable String stackTrace) {}
