package io.celeriac.resultsweb.task;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.query.TaskAttempt;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.WaitingRequests;
import io.celeriac.web.parameter.LabelParameter;
import io.celeriac.web.parameter.Parameters;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists tasks by filter and search, their attempts and children. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
public class TaskListController {

    private final TaskFinder tasks;
    private final WaitingRequests waitingRequests;
    private final ReadYourWrites freshness;
    private final RedactionRules rules;
    private final TaskFields fields;

    TaskListController(
            TaskFinder tasks,
            WaitingRequests waitingRequests,
            ReadYourWrites freshness,
            RedactionRules rules,
            TaskFields fields) {
        this.tasks = tasks;
        this.waitingRequests = waitingRequests;
        this.freshness = freshness;
        this.rules = rules;
        this.fields = fields;
    }

    @GetMapping("/{id}/attempts")
    @Operation(
            summary = "List the attempts of a task",
            description = "In order, each with its worker, times and error. Empty until the first attempt starts.")
    public List<TaskAttempt> attempts(@PathVariable String id) {
        return tasks.attempts(TaskRules.id("id", id));
    }

    @GetMapping("/{id}/children")
    @Operation(summary = "List the tasks that a task submitted", description = "Oldest first, at most 1,000.")
    public List<TaskResult> children(@PathVariable String id, Caller caller) {
        TaskRules.id("id", id);
        return visible(tasks.children(id), caller);
    }

    @GetMapping("/{id}/retries")
    @Operation(
            summary = "List the tasks that retry a task",
            description = "Each is a task of its own whose retryOf is this one. Latest first, at most 1,000.")
    public List<TaskResult> retries(@PathVariable String id, Caller caller) {
        return visible(tasks.retries(TaskRules.id("id", id)), caller);
    }

    private List<TaskResult> visible(List<TaskResult> found, Caller caller) {
        return found.stream()
                .filter(task -> caller.sees(task.queue()))
                .map(rules::redact)
                .toList();
    }

    @GetMapping
    @Operation(
            summary = "List tasks",
            description =
                    "Newest submission first. All filters must hold. The cursor of a page leads to the next page, whatever was"
                            + " added meanwhile. A search for what no index knows, such as a text, looks at up to 20,000 tasks at a"
                            + " time: the page then is partial, can be short or empty, and still has a cursor. Continue while there is"
                            + " one. GET /api/tasks/explain tells before whether an index serves a search. A first page can be one"
                            + " second old, unless atLeast names a task that it must have.")
    @ApiResponse(responseCode = "200", description = "A page of tasks", useReturnTypeSchema = true)
    @ApiResponse(
            responseCode = "400",
            description = "The search cannot be read. `position` is the character at fault, from 0; `caret` shows it",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            examples =
                                    @ExampleObject(
                                            "{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"q at character 7: must be one of"
                                                    + " PENDING, STARTED, RETRY, SUCCESS, FAILURE, REVOKED\",\"errors\":[{\"field\":\"q\","
                                                    + "\"message\":\"must be one of PENDING, STARTED, RETRY, SUCCESS, FAILURE, REVOKED\"}],"
                                                    + "\"position\":6,\"caret\":\"state:FAILUR\\n      ^\"}")))
    @LabelParameter.Documented
    public CompletableFuture<TaskList> list(
            @Parameter(
                            description = "A search: fields, texts, `OR`, parentheses and `-`",
                            example = "state:FAILURE queue:mail took:>5s since:1h -task:demo.*")
                    @RequestParam(required = false)
                    @Nullable
                    String q,
            @Parameter(description = "Any of these") @RequestParam(required = false) @Nullable Set<TaskState> state,
            @RequestParam(required = false) @Nullable String task,
            @RequestParam(required = false) @Nullable String queue,
            @Parameter(description = "Name of the schedule that it came from") @RequestParam(required = false) @Nullable
                    String schedule,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            @Parameter(description = "Submitted at this instant or later", example = "2026-01-31T12:00:00Z")
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(description = "Submitted before") @RequestParam(required = false) @Nullable String to,
            @Parameter(
                            description =
                                    "Found in the id, the arguments, the result or the error. Upper and lower case are the same.")
                    @RequestParam(required = false)
                    @Nullable
                    String text,
            @Parameter(description = ReadYourWrites.DESCRIPTION, example = "default-3-41")
                    @RequestParam(required = false)
                    @Nullable
                    String atLeast,
            @Parameter(description = "1 to 500") @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        if (limit < 1 || limit > TaskQuery.MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + TaskQuery.MAX_LIMIT);
        }
        if (text != null) {
            caller.require(Authority.TASK_PAYLOAD, "text");
        }
        var filter = new TaskFilter(
                        Parameters.states(state),
                        task,
                        queue,
                        schedule,
                        LabelParameter.of(parameters),
                        Parameters.instant("from", from),
                        Parameters.instant("to", to),
                        Parameters.text("text", text))
                .and(VisibleTasks.of(caller, "q", fields.condition(q)));
        var query = new TaskQuery(filter, limit, TaskList.cursor(cursor));
        if (atLeast == null) {
            return CompletableFuture.completedFuture(TaskList.of(tasks.recent(query), rules));
        }
        return waitingRequests.during(
                () -> freshness.reached(atLeast).thenApply(reached -> TaskList.of(tasks.newest(query), rules)));
    }
}
