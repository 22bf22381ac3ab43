package io.celeriac.results.materializer;

/**
 * The stored offset of a partition is not the one that this program wrote last. Another program writes the partition by now, or the
 * tables were emptied or restored from a backup. Nothing was written: load the stored position, and read on from there.
 */
public final class MovedPositionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MovedPositionException(OffsetAdvance advance) {
        super("the stored position of " + advance.partition() + " is not " + advance.from());
    }
}
