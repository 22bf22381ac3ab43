package io.celeriac.schedule.retention;

import io.celeriac.schedule.backfill.FiringRequestRepository;
import io.celeriac.schedule.history.FiringRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes old lines of the history and old requests, in small batches. Several janitors may work at once. After a fault, the next look
 * continues.
 */
public final class HistoryJanitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryJanitor.class);
    private static final int BATCH = 2_000;

    private final FiringRepository firings;
    private final FiringRequestRepository requests;
    private final Duration keep;
    private final InstantSource clock;
    private volatile boolean closed;

    public HistoryJanitor(
            FiringRepository firings, FiringRequestRepository requests, Duration keep, InstantSource clock) {
        this.firings = firings;
        this.requests = requests;
        this.keep = keep;
        this.clock = clock;
    }

    /**
     * Deletes everything that is too old by now.
     *
     * @throws org.springframework.dao.DataAccessException when the database is away: look again
     */
    public void look() {
        var before = clock.instant().minus(keep);
        var deleted = allBatches(limit -> firings.deleteHistory(before, limit));
        allBatches(limit -> requests.deleteEnded(before, limit));
        if (deleted > 0) {
            LOG.info("Deleted {} lines of the schedules' history", deleted);
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

    /** Ends a look after its current batch. */
    @Override
    public void close() {
        closed = true;
    }
}
