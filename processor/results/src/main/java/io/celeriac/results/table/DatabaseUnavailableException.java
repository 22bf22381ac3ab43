package io.celeriac.results.table;

import java.time.Duration;

/** The tables could not be brought up to date at the start. Restart once the database is available. */
public final class DatabaseUnavailableException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(String url, Duration waited, Throwable cause) {
        super(
                "the tables of the results could not be brought up to date within " + waited.toSeconds()
                        + " s: check spring.datasource.url (" + url + "), username and password, and that the database"
                        + " is up: " + innermost(cause).getMessage(),
                cause);
    }

    private static Throwable innermost(Throwable error) {
        return error.getCause() == null ? error : innermost(error.getCause());
    }
}
