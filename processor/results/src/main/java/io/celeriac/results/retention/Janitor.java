package io.celeriac.results.retention;

import io.celeriac.results.retention.RetentionPolicy.Kept;
import io.celeriac.results.retention.RetentionRepository.Batch;
import io.celeriac.results.retention.RetentionRepository.Group;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Deletes what need not be kept, in small batches, one after the other on a thread of its own. Several may work at once. What a
 * fault leaves undone is done at the next look.
 */
final class Janitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private final RetentionPolicy policy;
    private final RetentionRepository repository;
    private final InstantSource clock;
    private final int batchSize;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "janitor");
        daemon.setDaemon(true);
        return daemon;
    });
    private volatile boolean closed;
    private Runnable first = () -> {};

    Janitor(RetentionPolicy policy, RetentionRepository repository, InstantSource clock, int batchSize) {
        this.policy = policy;
        this.repository = repository;
        this.clock = clock;
        this.batchSize = batchSize;
    }

    /** Something that belongs to it, done on its thread; to be set before {@link #start}. */
    void beforeEachLook(Runnable work) {
        first = work;
    }

    /** Looks now and then again and again. */
    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One look at all there is. */
    void look() {
        try {
            first.run();
            for (var group : repository.groups()) {
                policy.of(group.task(), group.state()).ifPresent(kept -> delete(group, kept));
            }
        } catch (DataAccessException e) {
            LOG.warn("what need not be kept is deleted later: {}", e.getMessage());
        } catch (RuntimeException e) { // a timer's task that throws is never run again
            LOG.error("what need not be kept is deleted later", e);
        }
    }

    private void delete(Group group, Kept kept) {
        var deleted = 0L;
        if (kept.time() != null) {
            var before = clock.instant().minus(kept.time());
            deleted += allBatches(from -> repository.deleteEnded(group, before, from, batchSize));
        }
        if (kept.rows() != null) {
            var until = repository.oldestOf(group, kept.rows());
            if (until.isPresent()) {
                deleted += allBatches(from -> repository.deleteSubmitted(group, until.get(), from, batchSize));
            }
        }
        if (deleted > 0) {
            LOG.info("deleted {} tasks {} in state {}", deleted, group.task(), group.state());
        }
    }

    private long allBatches(Deletion deletion) {
        var deleted = 0L;
        LocalDateTime from = null;
        while (!closed) {
            var batch = deletion.next(from);
            deleted += batch.tasks();
            if (batch.tasks() < batchSize) {
                break;
            }
            from = batch.until();
        }
        return deleted;
    }

    @FunctionalInterface
    private interface Deletion {
        Batch next(@Nullable LocalDateTime from);
    }

    /** Returns after the batch that is being deleted. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the last batch is still being deleted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
