package io.celeriac.gateway.task;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskClient;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.result.TaskState;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.gateway.LabelParameter;
import io.celeriac.gateway.load.Searches;
import io.celeriac.gateway.load.Seats;
import io.celeriac.gateway.problem.ProblemException;
import io.celeriac.results.query.FailureGroup;
import io.celeriac.results.query.StateCount;
import io.celeriac.results.query.TaskAttempt;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tasks: submit, ask, wait, list. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
class TaskController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final TaskClient client;
    private final QueueDirectory queues;
    private final SubmissionReader submissions;
    private final BatchSender batches;
    private final ResultReader results;
    private final TaskResultRepository tasks;
    private final Seats seats;
    private final Searches searches;
    private final ReadYourWrites freshness;
    private final LatestReceipts receipts;
    private final WaitReason waiting;
    private final RedactionRules rules;
    private final InstantSource clock;

    TaskController(
            TaskClient client,
            QueueDirectory queues,
            SubmissionReader submissions,
            BatchSender batches,
            ResultReader results,
            TaskResultRepository tasks,
            Seats seats,
            Searches searches,
            ReadYourWrites freshness,
            LatestReceipts receipts,
            WaitReason waiting,
            RedactionRules rules,
            InstantSource clock) {
        this.client = client;
        this.queues = queues;
        this.submissions = submissions;
        this.batches = batches;
        this.results = results;
        this.tasks = tasks;
        this.seats = seats;
        this.searches = searches;
        this.freshness = freshness;
        this.receipts = receipts;
        this.waiting = waiting;
        this.rules = rules;
        this.clock = clock;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Submit a task",
            description =
                    "Answers as soon as the broker has the task on all in-sync replicas. Unknown fields are kept with the task"
                            + " and ignored. A task that is submitted twice with the same id runs once.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/Submission"),
                            examples =
                                    @ExampleObject(
                                            "{\"task\": \"demo.add\", \"args\": [2, 3], \"queue\": \"default\", \"countdown\": \"PT10S\"}")))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has it",
            content = @Content(schema = @Schema(implementation = Receipt.class)))
    CompletableFuture<ResponseEntity<Receipt>> submit(
            @RequestBody byte[] body,
            @Parameter(description = "Becomes the task's id", example = "order-4711-confirmation")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey) {
        var submission = submissions.read(body, idempotencyKey);
        queues.require("queue", submission.queue());
        return client.sendTo(submission.queue(), submission.task()).thenApply(receipt -> {
            receipts.add(receipt);
            return ResponseEntity.accepted()
                    .location(URI.create("/api/tasks/" + receipt.id()))
                    .body(receipt);
        });
    }

    @PostMapping(path = "/batch", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Submit up to 10,000 tasks",
            description =
                    "The broker takes all tasks or none, in one transaction that ends within 30 s. The field of an error begins"
                            + " with the index of its task, as in [3].task. Receipts are in the order of the tasks.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            array =
                                    @io.swagger.v3.oas.annotations.media.ArraySchema(
                                            schema = @Schema(ref = "#/components/schemas/Submission"))))
    @ApiResponse(responseCode = "202", description = "The broker has all of them")
    @ApiResponse(
            responseCode = "503",
            description = "No task was taken, or the broker did not answer; detail says which",
            content = @Content)
    ResponseEntity<List<Receipt>> submitAll(@Parameter(hidden = true) InputStream body) {
        var all = submissions.readAll(body, (index, submission) -> {
            queues.require("[" + index + "].queue", submission.queue());
            return batches.item(submission);
        });
        var sent = batches.send(all);
        sent.forEach(receipts::add);
        return ResponseEntity.accepted().body(sent);
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Get a task",
            description =
                    "The latest state of a task. With wait, the answer comes when the task is final, or when the time is"
                            + " over. A task is found a moment after it was accepted; with atLeast the call waits for that moment. If the id"
                            + " was used before, wait with atLeast waits for the run of that receipt, and wait alone for the run that this"
                            + " gateway took last, within an hour. waitsFor says why a task does not run yet, where that is known.")
    @ApiResponse(
            responseCode = "200",
            description = "Its latest state",
            content = @Content(schema = @Schema(ref = "#/components/schemas/TaskResult")))
    @ApiResponse(responseCode = "404", description = "No such task, or not known yet", content = @Content)
    CompletableFuture<Object> result(
            @PathVariable String id,
            @Parameter(description = "At most 60 s, as ISO-8601 duration or in seconds", example = "PT10S")
                    @RequestParam(required = false)
                    @Nullable
                    String wait,
            @Parameter(description = ReadYourWrites.DESCRIPTION, example = "default-3-41")
                    @RequestParam(required = false)
                    @Nullable
                    String atLeast) {
        TaskRules.id("id", id);
        var patience = wait == null ? null : waitOf(wait);
        var awaited = atLeast == null ? receipts.of(id) : atLeast;
        return whileWaiting(
                wait != null || atLeast != null,
                () -> freshness
                        .reached(atLeast)
                        .thenCompose(reached -> patience == null
                                ? CompletableFuture.completedFuture(results.find(id))
                                : results.await(id, patience, AwaitedRun.of(awaited, clock.instant())))
                        .thenApply(result -> waiting.explained(result.orElseThrow(() -> notFound(id)))));
    }

    private <T> CompletableFuture<T> whileWaiting(boolean mayWait, Supplier<CompletableFuture<T>> answer) {
        return mayWait ? seats.during(answer) : answer.get();
    }

    @GetMapping("/{id}/attempts")
    @Operation(
            summary = "List the attempts of a task",
            description = "In order, each with its worker, times and error. Empty until the first attempt starts.")
    List<TaskAttempt> attempts(@PathVariable String id) {
        return tasks.attempts(TaskRules.id("id", id));
    }

    @GetMapping("/{id}/children")
    @Operation(summary = "List the tasks that a task submitted", description = "Oldest first, at most 1,000.")
    List<TaskResult> children(@PathVariable String id) {
        TaskRules.id("id", id);
        return searches.run(() -> tasks.children(id)).stream()
                .map(rules::redact)
                .toList();
    }

    @GetMapping
    @Operation(
            summary = "List tasks",
            description =
                    "Newest submission first. All filters must hold. The cursor of a page leads to the next page, whatever was"
                            + " added meanwhile. A search for text looks at 20,000 tasks at a time, so a page can be short or empty and"
                            + " still have a cursor. Continue while there is one.")
    @LabelParameter.Documented
    CompletableFuture<TaskList> list(
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
            @RequestParam(required = false) @Nullable String cursor) {
        if (limit < 1 || limit > TaskQuery.MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + TaskQuery.MAX_LIMIT);
        }
        var filter = new TaskFilter(
                Parameters.states(state),
                task,
                queue,
                schedule,
                LabelParameter.of(parameters),
                Parameters.instant("from", from),
                Parameters.instant("to", to),
                Parameters.text("text", text));
        var query = new TaskQuery(filter, limit, TaskList.cursor(cursor));
        return whileWaiting(
                atLeast != null,
                () -> freshness
                        .reached(atLeast)
                        .thenApply(reached -> TaskList.of(searches.run(() -> tasks.list(query)), rules)));
    }

    @GetMapping("/counts")
    @Operation(
            summary = "Count tasks by name and state",
            description =
                    "Counts the tasks that were submitted from `from` to before `to`. The default is the last 24 hours.")
    List<StateCount> counts(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to) {
        var span = Parameters.span(from, to, clock.instant());
        return searches.run(() -> tasks.counts(span.from(), span.to()));
    }

    @GetMapping("/failures")
    @Operation(
            summary = "Group failed attempts",
            description =
                    "Failed attempts, also those that were retried, by task, error type and place in the code. The most"
                            + " frequent group comes first. The default is the last 24 hours.")
    List<FailureGroup> failures(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String task,
            @Parameter(description = "1 to 500") @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > TaskQuery.MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + TaskQuery.MAX_LIMIT);
        }
        var span = Parameters.span(from, to, clock.instant());
        return searches.run(() -> tasks.failures(span.from(), span.to(), task, limit));
    }

    @PostMapping("/{id}/revoke")
    @Operation(
            summary = "Revoke a task",
            description =
                    "A task that has not started will not run, even if it has not reached a worker yet. A running task is"
                            + " interrupted if terminate is true; otherwise it may finish. Answers when the broker has the command.")
    @ApiResponse(
            responseCode = "202",
            description = "The broker has the command; workers act on it within a second",
            content = @Content)
    CompletableFuture<ResponseEntity<Void>> revoke(
            @PathVariable String id, @RequestBody(required = false) @Nullable Revocation revocation) {
        TaskRules.id("id", id);
        return client.revoke(id, revocation != null && revocation.terminate())
                .thenApply(taken -> ResponseEntity.accepted().build());
    }

    /**
     * How a task is revoked.
     *
     * @param terminate whether an attempt that runs is interrupted
     */
    record Revocation(boolean terminate) {}

    private static Duration waitOf(String text) {
        var wait = SubmissionReader.parseDuration("wait", text);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw ProblemException.invalid("wait", "must not be longer than " + LONGEST_WAIT.toSeconds() + " s");
        }
        return wait;
    }

    private static ProblemException notFound(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "no task " + id + " is known, or not yet");
    }
}
