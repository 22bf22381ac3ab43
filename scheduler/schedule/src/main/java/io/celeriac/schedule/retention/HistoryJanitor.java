package io.celeriac.schedule.retention;

import io.celeriac.schedule.backfill.RequestRepository;
import io.celeriac.schedule.history.FiringRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the history of firings that is too old, and the requests that ended as long ago, in small batches. Several may work at once. What
 * a fault leaves undone is done at the next look.
 */
public final class HistoryJanitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryJanitor.class);
    private static final int BATCH = 2_000;

    private final FiringRepository firings;
    private final RequestRepository requests;
    private final Duration keep;
    private final InstantSource clock;
    private volatile boolean closed;

    public HistoryJanitor(FiringRepository firings, RequestRepository requests, Duration keep, InstantSource clock) {
        this.firings = firings;
        this.requests = requests;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * One look at all there is.
     *
     * @throws org.springframework.dao.DataAccessException when the database is away: look again
     */
    public void look() {
        var before = clock.instant().minus(keep);
        var deleted = allBatches(limit -> firings.deleteHistory(before, limit));
        allBatches(limit -> requests.deleteEnded(before, limit));
        if (deleted > 0) {
            LOG.info("deleted {} lines of the schedules' history", deleted);
        }
    }

    private long allBatches(IntUnaryOperator deletion) {
        var deleted = 0L;
        var batch = BATCH;
        while (!closed && batch == BATCH) {
            batch = deletion.applyAsInt(BATCH);
            deleted += batch;
        }
        return deleted;
    }

    /** Has a look end after the batch that is being deleted. */
    @Override
    public void close() {
        closed = true;
    }
}
