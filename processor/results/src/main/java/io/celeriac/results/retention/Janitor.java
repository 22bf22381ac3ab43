package io.celeriac.results.retention;

import io.celeriac.results.loop.Loop;
import io.celeriac.results.retention.RetentionPolicy.Kept;
import io.celeriac.results.retention.RetentionRepository.Batch;
import io.celeriac.results.retention.RetentionRepository.Group;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionException;

/**
 * Deletes expired tasks, workflows and counters, in small batches on a thread of its own. Several janitors may work at once. After a failure the next round
 * deletes the rest.
 */
final class Janitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private final RetentionPolicy policy;
    private final RetentionRepository repository;
    private final InstantSource clock;
    private final int batchSize;
    private final Loop loop;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "janitor");
        daemon.setDaemon(true);
        return daemon;
    });
    private volatile boolean closed;
    private Runnable first = () -> {};

    Janitor(RetentionPolicy policy, RetentionRepository repository, InstantSource clock, int batchSize, Loop loop) {
        this.policy = policy;
        this.repository = repository;
        this.clock = clock;
        this.batchSize = batchSize;
        this.loop = loop;
    }

    /** Adds work to the start of each round; to be set before {@link #start}. */
    void beforeEachLook(Runnable work) {
        first = work;
    }

    /** Runs a round now, and again after each interval. */
    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs one round over all tasks. A failure with some tasks does not prevent the deletion of others. */
    void look() {
        try {
            var failures = new LinkedHashMap<String, RuntimeException>();
            tried("the work before the deletion", first, failures);
            tried("the counters", this::deleteCounts, failures);
            tried("the workflows", this::deleteWorkflows, failures);
            for (var group : repository.groups()) {
                policy.of(group.task(), group.state())
                        .ifPresent(kept -> tried(
                                "the tasks " + group.task() + " in state " + group.state(),
                                () -> delete(group, kept),
                                failures));
            }
            failures.entrySet().stream()
                    .findFirst()
                    .ifPresentOrElse(failure -> loop.failed(failure.getKey(), failure.getValue()), loop::went);
        } catch (RuntimeException | Error e) { // the executor never again runs a task that throws
            loop.failed("the list of tasks", e);
        }
    }

    private static void tried(String place, Runnable work, Map<String, RuntimeException> failures) {
        try {
            work.run();
        } catch (DataAccessResourceFailureException | TransactionException e) {
            throw e; // the database is unavailable, for all tasks
        } catch (RuntimeException e) {
            LOG.debug("{} are deleted later", place, e);
            failures.put(place, e);
        }
    }

    /** Counters stay as long as the longest kept tasks. */
    private void deleteCounts() {
        policy.longest().ifPresent(keep -> {
            var before = clock.instant().minus(keep);
            while (!closed && repository.deleteCounts(before, batchSize) == batchSize) {
                LOG.debug("more counters are to be deleted");
            }
        });
    }

    /** Workflows stay as long as the longest kept tasks, which may be theirs. */
    private void deleteWorkflows() {
        policy.longest().ifPresent(keep -> {
            var before = clock.instant().minus(keep);
            while (!closed && repository.deleteWorkflows(before, batchSize) == batchSize) {
                LOG.debug("more workflows are to be deleted");
            }
        });
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
            for (var refused = 0; refused < batch.refused(); refused++) {
                loop.refused("held");
            }
            var stuck = batch.tasks() == 0 && Objects.equals(from, batch.until());
            if (batch.tasks() + batch.refused() < batchSize || stuck) {
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
