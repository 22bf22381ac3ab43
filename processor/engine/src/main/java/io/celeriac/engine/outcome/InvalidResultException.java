package io.celeriac.engine.outcome;

/** What a handler returned is no value that a record may hold, so that nobody could read its result. Another attempt does not help. */
public final class InvalidResultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidResultException(String message) {
        super(message);
    }
}
