package io.celeriac.resultsweb.task;

import io.celeriac.contract.result.TaskResult;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Answers {@code ?wait=}: finds the latest state of a task in the recent records of the topic and in the database, or waits for its final
 * state.
 */
public final class ResultWait {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWait.class);

    private final ResultFinder database;
    private final ResultWatcher watcher;
    private final Executor executor;

    /**
     * @param executor for queries to the database when a wait is over
     */
    ResultWait(ResultFinder database, ResultWatcher watcher, Executor executor) {
        this.database = database;
        this.watcher = watcher;
        this.executor = executor;
    }

    /**
     * The task's state, without waiting.
     *
     * @throws DataAccessException when the database is unavailable and the topic had no recent record of the task
     */
    Optional<TaskResult> find(String id) {
        var seen = watcher.latest(id);
        if (seen.isPresent() && seen.get().state().isFinal()) {
            return seen;
        }
        try {
            var stored = database.find(id);
            return stored.isPresent() && (seen.isEmpty() || isAhead(stored.get(), seen.get())) ? stored : seen;
        } catch (DataAccessException e) {
            if (seen.isEmpty()) {
                throw e;
            }
            LOG.debug("the database is unavailable, answering from recent records", e);
            return seen;
        }
    }

    /**
     * The task's state as soon as it is final, or its latest state when the time is over. It holds no thread meanwhile. The
     * database may be unavailable until the time is over.
     */
    CompletableFuture<Optional<TaskResult>> await(String id, Duration wait) {
        return await(id, wait, result -> true);
    }

    /**
     * As {@link #await(String, Duration)}.
     *
     * @param awaited decides whether a final state that is known already ends the wait
     */
    CompletableFuture<Optional<TaskResult>> await(String id, Duration wait, Predicate<TaskResult> awaited) {
        var arrival = watcher.finalResult(id); // first, so that a result that arrives after the next line is not missed
        finalNow(id).filter(awaited).ifPresent(arrival::complete);
        return arrival.thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), wait.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((result, error) -> arrival.cancel(false))
                .thenCompose(result -> result.isPresent()
                        ? CompletableFuture.completedFuture(result)
                        : CompletableFuture.supplyAsync(() -> find(id), executor));
    }

    private Optional<TaskResult> finalNow(String id) {
        try {
            return find(id).filter(result -> result.state().isFinal());
        } catch (DataAccessException e) {
            LOG.debug("the database is unavailable, waiting for the record", e);
            return Optional.empty();
        }
    }

    private static boolean isAhead(TaskResult stored, TaskResult seen) {
        var isOfAnEarlierRun = stored.submittedAt() != null
                && seen.submittedAt() != null
                && stored.submittedAt().isBefore(seen.submittedAt().truncatedTo(ChronoUnit.MICROS));
        return !isOfAnEarlierRun && (stored.state().isFinal() || stored.revision() > seen.revision());
    }
}
