package io.celeriac.schedule;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Deletes the history of runs that is too old, and the requests that ended as long ago, in small batches on a thread of its own.
 * Several may work at once. What a fault leaves undone is done at the next look.
 */
public final class HistoryJanitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryJanitor.class);
    private static final int BATCH = 2_000;

    private final FiringRepository firings;
    private final RequestRepository requests;
    private final Duration keep;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "celeriac-history-janitor");
        daemon.setDaemon(true);
        return daemon;
    });
    private volatile boolean closed;

    HistoryJanitor(FiringRepository firings, RequestRepository requests, Duration keep, InstantSource clock) {
        this.firings = firings;
        this.requests = requests;
        this.keep = keep;
        this.clock = clock;
    }

    /** Looks now and then again and again. */
    public void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One look at all there is. Never throws. */
    void look() {
        var before = clock.instant().minus(keep);
        try {
            var deleted = allBatches(limit -> firings.deleteHistory(before, limit));
            allBatches(limit -> requests.deleteEnded(before, limit));
            if (deleted > 0) {
                LOG.info("deleted {} lines of the schedules' history", deleted);
            }
        } catch (DataAccessException e) {
            LOG.warn("history that is too old is deleted later: {}", e.getMessage());
        } catch (RuntimeException e) { // a timer's task that throws is never run again
            LOG.error("history that is too old is deleted later", e);
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

    /** Returns after the batch that is being deleted. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the last batch of history is still being deleted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
