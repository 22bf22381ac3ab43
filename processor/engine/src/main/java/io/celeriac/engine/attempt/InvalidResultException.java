package io.celeriac.engine.attempt;

/** What a handler returned is no value that a record may hold, so that nobody could read its result. Another attempt does not help. */
final class InvalidResultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidResultException(String message) {
        super(message);
    }
}
