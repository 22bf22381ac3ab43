package io.celeriac.resultsweb.search;

import io.celeriac.results.query.CompletionRepository;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.QueryLimits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Helps to write searches of tasks. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
public class TaskSearchController {

    private final TaskFields fields;
    private final TaskResultRepository tasks;
    private final CompletionRepository values;
    private final TaskCompletion completion;
    private final Searches searches;

    TaskSearchController(
            TaskFields fields, TaskResultRepository tasks, CompletionRepository values, Searches searches) {
        this.fields = fields;
        this.tasks = tasks;
        this.completion = new TaskCompletion(fields);
        this.values = values;
        this.searches = searches;
    }

    @GetMapping("/complete")
    @Operation(
            summary = "Complete a search",
            description =
                    "At most 20 fields or values that may stand at the end of `q`. A candidate replaces everything from"
                            + " `position` on. Values come from an index: of task, queue, schedule, labels and indexed arguments. A"
                            + " caller that is narrowed to queues gets values of the latest 200 tasks of each queue and state.")
    @ApiResponse(
            responseCode = "200",
            description = "The candidates",
            useReturnTypeSchema = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"position\":0,\"candidates\":[{\"text\":\"state:\",\"help\":\"State of the task\"}]}")))
    Candidates complete(
            @Parameter(description = "The search as far as it is written", example = "sta")
                    @RequestParam(defaultValue = "")
                    String q,
            Caller caller) {
        if (q.length() > QueryLimits.LENGTH) {
            throw ProblemException.invalid("q", "must have at most " + QueryLimits.LENGTH + " characters");
        }
        return searches.run(() -> completion.complete(
                q,
                caller.queues() == null ? values : values.within(caller.queues()),
                caller.may(Authority.TASK_PAYLOAD)));
    }

    @GetMapping("/explain")
    @Operation(
            summary = "Explain a search",
            description =
                    "Tells how a search goes, without running it: as it was understood, the index that finds the tasks,"
                            + " a warning for each term that no index serves, and in checked the terms that are compared in each row"
                            + " that the index finds.")
    @ApiResponse(
            responseCode = "200",
            description = "The explanation",
            useReturnTypeSchema = true,
            content =
                    @Content(
                            examples =
                                    @ExampleObject(
                                            "{\"query\":\"queue:mail error:Timeout\",\"index\":\"task_result_by_queue\",\"windowed\":true,"
                                                    + "\"warnings\":[{\"position\":11,\"term\":\"error:Timeout\",\"message\":\"no index"
                                                    + " serves error; the search looks at up to 20,000 tasks at a time\"}],"
                                                    + "\"checked\":[]}")))
    @ApiResponse(responseCode = "400", description = "The search cannot be read", content = @Content)
    public Explanation explain(
            @Parameter(description = "A search", example = "queue:mail error:Timeout") @RequestParam(defaultValue = "")
                    String q) {
        var query = fields.query(q);
        var plan = tasks.explain(TaskFilter.ALL.and(fields.condition(q, query)));
        return new SearchExplainer(fields).explain(q, query, plan);
    }
}
