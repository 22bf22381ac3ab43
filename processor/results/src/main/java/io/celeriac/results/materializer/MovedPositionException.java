package io.celeriac.results.materializer;

/**
 * The database is not where this program left it: another one writes the partition by now, or the tables were emptied or restored
 * from a backup. Nothing was written; look where it is, and read on from there.
 */
public final class MovedPositionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MovedPositionException(OffsetAdvance advance) {
        super("the database is not at " + advance.from() + " of " + advance.partition());
    }
}
