package io.celeriac.engine.outcome;

/** A handler returned a value that a record may not hold, so nobody could read the result. Another attempt does not help. */
public final class InvalidResultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidResultException(String message) {
        super(message);
    }
}
