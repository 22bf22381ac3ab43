package io.celeriac.gateway.submission;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.receipt.LatestReceipts;
import io.celeriac.web.receipt.SubmissionWarnings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Submits one or many tasks, and revokes tasks. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
class SubmissionController {

    private final TaskSender client;
    private final SubmissionRights rights;
    private final SubmissionReader submissions;
    private final BatchSender batches;
    private final LatestReceipts receipts;
    private final SubmissionWarnings warnings;

    SubmissionController(
            TaskSender client,
            SubmissionRights rights,
            SubmissionReader submissions,
            BatchSender batches,
            LatestReceipts receipts,
            ObjectProvider<SubmissionWarnings> warnings) {
        this.client = client;
        this.rights = rights;
        this.submissions = submissions;
        this.batches = batches;
        this.receipts = receipts;
        this.warnings = warnings.getIfAvailable(() -> SubmissionWarnings.NONE);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Submit a task",
            description =
                    "Answers as soon as the broker has the task on all in-sync replicas. Unknown fields are kept with the task"
                            + " and ignored. A task that is submitted twice with the same id runs once. The warnings of the"
                            + " answer begin with queue-paused, no-worker (of the queue), no-handler (for the task) or arguments"
                            + " (no handler takes them); the task is taken in all the same. There are none while the gateway does"
                            + " not know which workers are up.")
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
            content = @Content(schema = @Schema(implementation = Submitted.class)))
    @ApiResponse(
            responseCode = "409",
            description = "A task of a queue that is not granted has the id",
            content = @Content)
    CompletableFuture<ResponseEntity<Submitted>> submit(
            @RequestBody byte[] body,
            @Parameter(description = "Becomes the task's id", example = "order-4711-confirmation")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Caller caller) {
        var submission = submissions.read(body, idempotencyKey);
        rights.require(caller, submission);
        return client.sendTo(submission.queue(), submission.task()).thenApply(receipt -> {
            receipts.add(receipt);
            return ResponseEntity.accepted()
                    .location(URI.create("/api/tasks/" + receipt.id()))
                    .body(Submitted.of(receipt, warnings.of(submission.queue(), submission.task())));
        });
    }

    @PostMapping(path = "/batch", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Submit up to 10,000 tasks",
            description =
                    "The broker takes all tasks or none, in one transaction that ends within 30 s. The field of an error begins"
                            + " with the index of its task, as in [3].task. Receipts are in the order of the tasks. The first task of"
                            + " each name and queue has the warnings for all of them.")
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
    ResponseEntity<List<Submitted>> submitAll(@Parameter(hidden = true) InputStream body, Caller caller) {
        var warned = new ArrayList<List<String>>();
        var seen = new HashSet<List<String>>();
        var ids = new LinkedHashMap<String, String>();
        var all = submissions.readAll(body, (index, submission) -> {
            rights.requireQueues(caller, "[" + index + "].", submission);
            var id = submission.task().id();
            if (id != null) {
                ids.putIfAbsent(id, "[" + index + "].id");
            }
            var isFirst = seen.add(List.of(submission.queue(), submission.task().task()));
            warned.add(isFirst ? warnings.of(submission.queue(), submission.task()) : List.of());
            return batches.item(submission);
        });
        rights.requireIds(caller, ids);
        var sent = batches.send(all);
        sent.forEach(receipts::add);
        return ResponseEntity.accepted()
                .body(IntStream.range(0, sent.size())
                        .mapToObj(i -> Submitted.of(sent.get(i), warned.get(i)))
                        .toList());
    }

    @PostMapping("/{id}/revoke")
    @Operation(
            summary = "Revoke a task",
            description =
                    "A task that has not started will not run, even if it has not reached a worker yet. A running task is"
                            + " interrupted if terminate is true; otherwise it may finish. Answers when the broker has the command."
                            + " A caller that is narrowed to queues can revoke only tasks that are known already.")
    @ApiResponse(
            responseCode = "202",
            description = "The broker has the command; workers act on it within a second",
            content = @Content)
    @ApiResponse(
            responseCode = "409",
            description = "It is a workflow; detail names the call that revokes it",
            content = @Content)
    CompletableFuture<ResponseEntity<Void>> revoke(
            @PathVariable String id, @RequestBody(required = false) @Nullable Revocation revocation) {
        TaskRules.id("id", id);
        rights.requireNoWorkflow(id);
        return client.revoke(id, revocation != null && revocation.terminate())
                .thenApply(taken -> ResponseEntity.accepted().build());
    }

    /**
     * The body of a revocation.
     *
     * @param terminate true: a running attempt is interrupted
     */
    record Revocation(boolean terminate) {}
}
