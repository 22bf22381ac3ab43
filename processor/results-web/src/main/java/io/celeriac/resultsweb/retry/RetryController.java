package io.celeriac.resultsweb.retry;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.ChosenIds;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.receipt.LatestReceipts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Retries one task. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
class RetryController {

    private final TaskResultRepository tasks;
    private final QueueDirectory queues;
    private final TaskSender client;
    private final LatestReceipts receipts;
    private final ChosenIds ids;

    RetryController(
            TaskResultRepository tasks,
            QueueDirectory queues,
            TaskSender client,
            LatestReceipts receipts,
            ChosenIds ids) {
        this.tasks = tasks;
        this.queues = queues;
        this.client = client;
        this.receipts = receipts;
        this.ids = ids;
    }

    @PostMapping("/{id}/retry")
    @Operation(
            summary = "Retry a task that has ended",
            description =
                    "Submits a new task that names the old one in retryOf. args, kwargs and queue replace those of the old task;"
                            + " other arguments need task:submit too."
                            + " The new task has the key, priority, labels, workflow ids and schedule of the old one. A result does not"
                            + " have the other fields of its task: maxAttempts, backoff, timeLimit, onSuccess, onFailure, trackStarted,"
                            + " ignoreResult, expires and unknown fields. The new task runs without them. If the task failed, its dead"
                            + " letter has all fields: replay it to keep them.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            description = "What to change; absent to change nothing",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = RetryChanges.class),
                            examples =
                                    @ExampleObject("{\"kwargs\": {\"to\": \"ada@example.org\"}, \"queue\": \"mail\"}")))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has the new task; Location is its address",
            content = @Content(schema = @Schema(implementation = Receipt.class)))
    @ApiResponse(
            responseCode = "404",
            description = "No such task, or not known yet",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    @ApiResponse(
            responseCode = "409",
            description = "The task has not ended, or an argument is secret or was left out; errors names each",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class),
                            examples =
                                    @ExampleObject(
                                            "{\"status\": 409, \"detail\": \"the arguments of task t-1 are not all known: kwargs.password\","
                                                    + " \"errors\": [{\"field\": \"kwargs.password\", \"message\": \"is secret; give it anew\"}]}")))
    @ApiResponse(
            responseCode = "422",
            description = "A field breaks a rule, or the Idempotency-Key is the id of another task; errors names it",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    CompletableFuture<ResponseEntity<Receipt>> retry(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            @Parameter(
                            description =
                                    "Becomes the id of the new task, so that a repeated request makes no second one",
                            example = "retry-of-order-4711")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Caller caller) {
        TaskRules.id("id", id);
        if (idempotencyKey != null) {
            TaskRules.id("Idempotency-Key", idempotencyKey);
        }
        var changes = RetryChanges.read(body);
        var ended = tasks.find(id)
                .orElseThrow(
                        () -> new ProblemException(HttpStatus.NOT_FOUND, "no task " + id + " is known, or not yet"));
        var retry = Retry.of(ended, changes, idempotencyKey);
        caller.require(Authority.TASK_RETRY, "queue", retry.queue());
        if (changes.args() != null || changes.kwargs() != null) {
            caller.require(Authority.TASK_SUBMIT, "a retry with other arguments");
            caller.require(Authority.TASK_SUBMIT, "queue", retry.queue());
        }
        ids.require(caller, "Idempotency-Key", idempotencyKey);
        queues.require("queue", retry.queue());
        if (idempotencyKey != null) {
            tasks.find(idempotencyKey).ifPresent(retry::requireSame);
        }
        return client.sendTo(retry.queue(), retry.task()).thenApply(receipt -> {
            receipts.add(receipt);
            return ResponseEntity.accepted()
                    .location(URI.create("/api/tasks/" + receipt.id()))
                    .body(receipt);
        });
    }
}
