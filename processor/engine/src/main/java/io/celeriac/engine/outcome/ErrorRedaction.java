package io.celeriac.engine.outcome;

import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.redaction.SecretValues;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.WireText;
import io.celeriac.engine.handler.InvalidArgumentsException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Removes the secrets of a task from its exceptions, for the result and the log.
 *
 * @param redaction which parts of the task are secret
 * @param secrets the secret values
 */
public record ErrorRedaction(Redaction redaction, SecretValues secrets) {

    private static final int MAX_STACK_TRACE = 16 * 1024;
    private static final int MAX_MESSAGE = 4 * 1024;
    private static final int MAX_CAUSES = 10;

    /** Replaces a throwable in a log: has its stack trace, and its message without secrets. */
    private static final class Told extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Told(String message, StackTraceElement[] frames, @Nullable Throwable cause) {
            super(message, cause, false, true);
            setStackTrace(frames);
        }
    }

    public TaskError timeLimitExceeded(@Nullable Instant deadline, Throwable thrown) {
        return new TaskError("TimeLimitExceeded", "ran past its deadline " + deadline, stackTrace(thrown));
    }

    public TaskError error(Throwable thrown) {
        var cause = told(thrown instanceof RetryRequest request ? request.reason() : thrown);
        return new TaskError(type(cause), clipped(secrets.scrub(cause.getMessage()), MAX_MESSAGE), stackTrace(cause));
    }

    private static String type(Throwable cause) {
        if (cause instanceof InvalidArgumentsException) {
            return "InvalidArguments";
        }
        if (cause instanceof ResultTooLargeException) {
            return "ResultTooLarge";
        }
        return cause instanceof InvalidResultException
                ? "InvalidResult"
                : cause.getClass().getName();
    }

    /** The throwable to log in place of the one that was thrown. */
    public Throwable loggable(Throwable thrown) {
        return redaction.isNone() ? thrown : loggable(told(thrown), MAX_CAUSES);
    }

    private Throwable loggable(Throwable thrown, int causes) {
        var cause = thrown.getCause();
        return new Told(
                String.valueOf(secrets.scrub(thrown.toString())),
                thrown.getStackTrace(),
                cause == null || causes == 0 ? null : loggable(cause, causes - 1));
    }

    /** Drops quoted arguments: an exception quotes only the beginning of a long one, which {@link SecretValues} does not find. */
    private Throwable told(Throwable thrown) {
        return redaction.hasSecretArguments() && thrown instanceof InvalidArgumentsException invalid
                ? invalid.withoutValues()
                : thrown;
    }

    private @Nullable String stackTrace(Throwable thrown) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return clipped(secrets.scrub(trace.toString()), MAX_STACK_TRACE);
    }

    public static @Nullable String clipped(@Nullable String text, int length) {
        return WireText.cutOrNull(text, length);
    }
}
