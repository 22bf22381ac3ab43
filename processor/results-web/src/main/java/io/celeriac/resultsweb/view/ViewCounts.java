package io.celeriac.resultsweb.view;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.query.BoundedCount;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.SearchException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;

/** Counts what views find, once for all who look within some seconds. */
final class ViewCounts {

    /** Up to which tasks are counted. */
    static final int MOST = 1_000;

    private static final Duration GOOD_FOR = Duration.ofSeconds(10);
    private static final int MOST_KEPT = 1_000;

    private final TaskFields fields;
    private final Function<TaskFilter, BoundedCount> tasks;
    private final Searches searches;
    private final Cache<Search, Optional<BoundedCount>> counts = Caffeine.newBuilder()
            .maximumSize(MOST_KEPT)
            .expireAfterWrite(GOOD_FOR)
            .build();

    /**
     * @param tasks counts the tasks of a filter, up to {@value #MOST}
     */
    ViewCounts(TaskFields fields, Function<TaskFilter, BoundedCount> tasks, Searches searches) {
        this.fields = fields;
        this.tasks = tasks;
        this.searches = searches;
    }

    /** What everybody finds who sees the same queues. */
    private record Search(String q, @Nullable Set<String> queues) {}

    /**
     * Counts what a search finds for a caller.
     *
     * @return empty when that is not known: the search looks into what the caller may not read, is no search any more, or takes too long
     */
    Optional<BoundedCount> of(String q, Caller caller) {
        TaskCondition condition;
        try {
            condition = VisibleTasks.of(caller, "q", fields.condition(q));
        } catch (ProblemException | SearchException e) {
            return Optional.empty();
        }
        return counts.get(new Search(q, caller.queues()), search -> count(condition));
    }

    private Optional<BoundedCount> count(TaskCondition condition) {
        try {
            return Optional.of(searches.run(() -> tasks.apply(TaskFilter.ALL.and(condition))));
        } catch (QueryTimeoutException e) {
            return Optional.empty();
        }
    }
}
