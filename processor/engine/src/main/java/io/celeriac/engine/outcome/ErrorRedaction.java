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
 * Tells what was thrown, to the result and to the log, without the secrets of its task.
 *
 * @param redaction what is secret of the task
 * @param secrets the values that are
 */
public record ErrorRedaction(Redaction redaction, SecretValues secrets) {

    private static final int MAX_STACK_TRACE = 16 * 1024;
    private static final int MAX_MESSAGE = 4 * 1024;
    private static final int MAX_CAUSES = 10;

    /** Stands in for a throwable in a log: where it came from, and what of its words may be told. */
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

    /** What may be given to a logger in place of what was thrown. */
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

    /** One that is about the arguments quotes them, and only the beginning of a long one. */
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
