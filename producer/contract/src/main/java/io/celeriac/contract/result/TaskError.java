package io.celeriac.contract.result;

import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.WireText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The error of a failed attempt. Its texts come from anywhere; they are repaired, never refused, since every failure must be told.
 *
 * @param type name of the exception's class, or a word of Celeriac such as {@code TimeLimitExceeded}
 * @param message the exception's message; null if it has none
 * @param stackTrace printed stack trace; null if no code was reached
 */
public record TaskError(
        String type, @Nullable String message, @Nullable String stackTrace) {

    public TaskError {
        Objects.requireNonNull(type, "type");
        type = WireText.cut(WireText.repaired(type), Limits.ERROR_TYPE);
        message = message == null ? null : WireText.repaired(message);
        stackTrace = stackTrace == null ? null : WireText.repaired(stackTrace);
    }
}
