package io.celeriac.local;

/** Something about this machine or these options keeps the stack from starting; the message says what to change. */
final class LocalStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalStartException(String message) {
        super(message);
    }

    LocalStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
