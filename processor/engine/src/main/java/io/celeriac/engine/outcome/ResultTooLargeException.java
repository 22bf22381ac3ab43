package io.celeriac.engine.outcome;

/** A handler's result does not fit into a record, its own or a next step's. Another attempt does not help. */
public final class ResultTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ResultTooLargeException(int bytes, int limit) {
        super("the result's record has " + bytes + " bytes, but the limit is " + limit
                + ": store large results elsewhere and return a reference");
    }
}
