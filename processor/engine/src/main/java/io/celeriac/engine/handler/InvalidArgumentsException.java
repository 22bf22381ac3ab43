package io.celeriac.engine.handler;

/** The arguments of a task do not fit its handler. Another attempt does not help. */
public final class InvalidArgumentsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidArgumentsException(String message) {
        super(message);
    }
}
