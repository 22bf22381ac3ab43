package io.celeriac.results.table;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/** The tables are not up to date yet, as the database has been unavailable since the start: try again. */
final class TablesMissingException extends DataAccessResourceFailureException {

    private static final long serialVersionUID = 1L;

    TablesMissingException(@Nullable String trouble) {
        super("the tables of the results are not up to date yet" + (trouble == null ? "" : ": " + trouble));
    }
}
