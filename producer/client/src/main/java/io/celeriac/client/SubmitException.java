package io.celeriac.client;

import org.jspecify.annotations.Nullable;

/**
 * The broker did not take a task, or did not confirm it in time. In the second case it may have the task. To send it again
 * with the same id is safe, since the task runs once within the deduplication window.
 */
public final class SubmitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SubmitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
