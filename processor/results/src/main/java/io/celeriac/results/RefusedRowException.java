package io.celeriac.results;

import org.springframework.dao.DataAccessException;

/** The database is there and does not take a row: a value is too long for it, or out of its range. */
final class RefusedRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedRowException(DataAccessException cause) {
        super(String.valueOf(cause.getMostSpecificCause().getMessage()), cause);
    }
}
