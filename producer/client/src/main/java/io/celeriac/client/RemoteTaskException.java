package io.celeriac.client;

import io.celeriac.contract.result.TaskError;
import org.jspecify.annotations.Nullable;

/** A task failed. Says what the worker's exception was; its stack trace is printed as the cause. */
public final class RemoteTaskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String taskId;
    private final String type;
    private final @Nullable String remoteMessage;
    private final @Nullable String remoteStackTrace;

    RemoteTaskException(String taskId, String task, TaskError error) {
        super(
                "task " + taskId + " (" + task + ") failed with " + error.type()
                        + (error.message() == null ? "" : ": " + error.message()),
                error.stackTrace() == null ? null : new RemoteStackTrace(error.stackTrace()));
        this.taskId = taskId;
        type = error.type();
        remoteMessage = error.message();
        remoteStackTrace = error.stackTrace();
    }

    public String taskId() {
        return taskId;
    }

    /** Name of the exception's class in the worker, or a word of Celeriac such as {@code TimeLimitExceeded}. */
    public String type() {
        return type;
    }

    /** The message of the worker's exception; null if it has none. */
    public @Nullable String remoteMessage() {
        return remoteMessage;
    }

    /** The printed stack trace of the worker; null if no code of a handler was reached. */
    public @Nullable String remoteStackTrace() {
        return remoteStackTrace;
    }

    /** Prints as the stack trace of the worker. */
    private static final class RemoteStackTrace extends Throwable {

        private static final long serialVersionUID = 1L;

        private final String printed;

        private RemoteStackTrace(String printed) {
            super(printed, null, false, false);
            this.printed = printed;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the class name of this one means nothing to a reader
        public String toString() {
            return printed.stripTrailing();
        }
    }
}
