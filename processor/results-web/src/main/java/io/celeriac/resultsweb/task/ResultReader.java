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

/** The freshest that is known of a task: what went by on the topic, or else what the database has. */
public final class ResultReader {

    private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

    private final ResultFinder database;
    private final ResultWatcher watcher;
    private final Executor executor;

    /**
     * @param executor for questions to the database when a wait is over
     */
    ResultReader(ResultFinder database, ResultWatcher watcher, Executor executor) {
        this.database = database;
        this.watcher = watcher;
        this.executor = executor;
    }

    /**
     * The task's state, without waiting.
     *
     * @throws DataAccessException when the database is away and nothing went by lately
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
            LOG.debug("the database is away, answering what went by", e);
            return seen;
        }
    }

    /**
     * The task's state as soon as it is final, else the latest when the time is over; holds no thread meanwhile. A
     * database that is away does not matter until then.
     */
    CompletableFuture<Optional<TaskResult>> await(String id, Duration wait) {
        return await(id, wait, result -> true);
    }

    /**
     * As {@link #await(String, Duration)}.
     *
     * @param awaited whether a final state that is known already is the one that is waited for
     */
    CompletableFuture<Optional<TaskResult>> await(String id, Duration wait, Predicate<TaskResult> awaited) {
        var arrival = watcher.finalResult(id); // first, so that what becomes final after the next look is not missed
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
            LOG.debug("the database is away, waiting for the record", e);
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
