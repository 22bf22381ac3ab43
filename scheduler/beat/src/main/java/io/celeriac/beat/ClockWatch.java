package io.celeriac.beat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this machine's clock with the database's, which all schedulers share. One that is ahead would fire early, for all of
 * them. Says so once, and once that they agree again. Safe for use by several threads.
 */
final class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final Duration tolerance;
    private volatile @Nullable Duration ahead;
    private boolean behind;

    ClockWatch(Duration tolerance) {
        this.tolerance = tolerance;
    }

    /**
     * Whether this machine's clock is so far ahead that nothing must be fired by it.
     *
     * @param before what it said before the database was asked
     * @param database what the database's said
     * @param after what it says now
     */
    synchronized boolean isAhead(Instant before, Instant database, Instant after) {
        var difference = Duration.between(database, before);
        var wasAhead = ahead != null;
        ahead = difference.compareTo(tolerance) > 0 ? difference : null;
        if (ahead != null && !wasAhead) {
            LOG.error(
                    "This machine's clock says {} and the database's {}: one of them is wrong by {}, so nothing is fired here",
                    before,
                    database,
                    difference);
        } else if (ahead == null && wasAhead) {
            LOG.info("This machine's clock and the database's agree again");
        }
        tellBehind(Duration.between(after, database));
        return ahead != null;
    }

    private void tellBehind(Duration difference) {
        var isBehind = difference.compareTo(tolerance) > 0;
        if (isBehind && !behind) {
            LOG.warn("This machine's clock is {} behind the database's; what it fires, it fires late", difference);
        }
        behind = isBehind;
    }

    /** By how much this machine's clock was ahead when it last was compared; empty when it agreed. */
    Optional<Duration> ahead() {
        return Optional.ofNullable(ahead);
    }
}
