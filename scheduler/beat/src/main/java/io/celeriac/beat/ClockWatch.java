package io.celeriac.beat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this machine's clock with the database's, which all schedulers share. A scheduler with a fast clock would fire early, for
 * all of them. It logs a difference once, and once when the clocks agree again. Safe for use by several threads.
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
     * Whether this machine's clock is too far ahead to fire anything.
     *
     * @param before this machine's time before the database was asked
     * @param database the database's time
     * @param after this machine's time now
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

    /** How far this machine's clock was ahead at the last comparison; empty if they agreed. */
    Optional<Duration> ahead() {
        return Optional.ofNullable(ahead);
    }
}
