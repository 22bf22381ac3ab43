package io.celeriac.resultsweb.task;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.results.query.TaskAttempt;
import io.celeriac.results.query.TaskPage;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.web.load.Searches;
import io.celeriac.web.load.SharedAnswers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Finds tasks in the database for lists. Open consoles look at the same first pages all the time, so readers of the same first page share
 * what one of them has found within a second. What a caller may see is part of the query, and what it may not read is masked later.
 */
final class TaskFinder {

    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    /** What a row takes in memory beside its texts. */
    private static final int ROW = 2 << 10;

    /** Arguments and results are trees of values. */
    private static final int OF_A_CHARACTER = 4;

    private final TaskResultRepository tasks;
    private final Searches searches;
    private final SharedAnswers<TaskQuery, TaskPage> recent;

    /**
     * @param memory for pages that readers share, in bytes
     */
    TaskFinder(TaskResultRepository tasks, Searches searches, long memory, InstantSource clock, Ticker ticker) {
        this.tasks = tasks;
        this.searches = searches;
        recent = new SharedAnswers<>(
                this::newest, GOOD_FOR, new SharedAnswers.Room<>(memory, TaskFinder::bytes), clock, ticker);
    }

    private static long bytes(TaskPage page) {
        return ROW * (1L + page.items().size()) + OF_A_CHARACTER * page.characters();
    }

    /** A page as it is, or if it is a first page as it was at most a second ago. */
    TaskPage recent(TaskQuery query) {
        return query.after() == null ? recent.answer(query) : newest(query);
    }

    /** A page as it is. */
    TaskPage newest(TaskQuery query) {
        return searches.run(() -> tasks.list(query));
    }

    List<TaskAttempt> attempts(String id) {
        return tasks.attempts(id);
    }

    List<TaskResult> children(String id) {
        return searches.run(() -> tasks.children(id));
    }

    List<TaskResult> retries(String id) {
        return searches.run(() -> tasks.retries(id));
    }
}
