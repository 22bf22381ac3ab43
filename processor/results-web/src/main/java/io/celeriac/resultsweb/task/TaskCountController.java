package io.celeriac.resultsweb.task;

import io.celeriac.results.count.FailedTasks;
import io.celeriac.results.count.FailureCountRepository;
import io.celeriac.results.count.FailureQuery;
import io.celeriac.results.query.FailureGroup;
import io.celeriac.results.query.StateCount;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.parameter.Parameters;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Counts tasks, and groups failures. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
public class TaskCountController {

    private final TaskResultRepository tasks;
    private final FailureCountRepository failures;
    private final Searches searches;
    private final InstantSource clock;

    TaskCountController(
            TaskResultRepository tasks, FailureCountRepository failures, Searches searches, InstantSource clock) {
        this.tasks = tasks;
        this.failures = failures;
        this.searches = searches;
        this.clock = clock;
    }

    @GetMapping("/counts")
    @Operation(
            summary = "Count tasks by name and state",
            description =
                    "Counts the tasks that were submitted from `from` to before `to`. The default is the last 24 hours. It counts"
                            + " up to 100,000 tasks of one name and state; `exact` false says that there are more. GET /api/stats"
                            + " counts all that ended. For a caller that is narrowed to queues, it counts among the latest 20,000 tasks of"
                            + " each of these queues and states.")
    List<StateCount> counts(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            Caller caller) {
        var span = Parameters.span(from, to, clock.instant());
        return searches.run(() -> tasks.counts(span.from(), span.to(), caller.queues()));
    }

    @GetMapping("/failures")
    @Operation(
            summary = "Group failed attempts",
            description =
                    "Failed attempts, also those that were retried, by task, error type and place in the code. The most"
                            + " frequent group comes first. The default is the last 24 hours. A caller that is narrowed to queues gets"
                            + " the failures of tasks in these queues.")
    public List<FailureGroup> failures(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String task,
            @Parameter(description = "1 to 500") @RequestParam(defaultValue = "50") int limit,
            Caller caller) {
        if (limit < 1 || limit > TaskQuery.MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + TaskQuery.MAX_LIMIT);
        }
        var span = Parameters.span(from, to, clock.instant());
        return searches.run(() -> tasks.failures(span.from(), span.to(), caller.queues(), task, limit));
    }

    /**
     * The tasks that failed in a time up to now, by the kind of their error, from counters: for pages.
     *
     * @param queues only these; null for all
     */
    public List<FailedTasks> recentFailures(Duration window, @Nullable Set<String> queues, int limit) {
        var query = FailureQuery.ofLast(window, clock.instant(), queues, null, null);
        return searches.run(() -> failures.failures(query)).stream()
                .limit(limit)
                .toList();
    }

    /**
     * How many tasks of one name failed with one type of error in a time up to now, from counters: for pages.
     *
     * @param queues only these; null for all
     */
    public long recentlyFailed(Duration window, @Nullable Set<String> queues, String task, String errorType) {
        var query = FailureQuery.ofLast(window, clock.instant(), queues, task, errorType);
        return searches.run(() -> failures.count(query));
    }
}
