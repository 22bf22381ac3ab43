package io.celeriac.contract.result;

import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.WireText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt failed. Its texts come from anywhere and are mended, never refused: a failure must be told in any case.
 *
 * @param type name of the exception's class, or one of ours such as {@code TimeLimitExceeded}
 * @param message the exception's message; null where it has none
 * @param stackTrace printed stack trace; null where no code was reached
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
