package io.celeriac.client;

/**
 * The broker did not take a task, or did not say so in time: then it may have it all the same. Sending the same id again
 * is safe, since it is run once within the deduplication window.
 */
public final class SubmitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SubmitException(String message, Throwable cause) {
        super(message, cause);
    }
}
