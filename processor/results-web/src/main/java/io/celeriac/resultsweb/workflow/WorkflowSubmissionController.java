package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.ChosenIds;
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
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Submits workflows, and further members of their open groups. */
@RestController
@RequestMapping(path = "/api/workflows", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Workflows")
class WorkflowSubmissionController {

    private static final String EXAMPLE =
            "{\"name\": \"order.fulfil\", \"queue\": \"default\", \"root\": {\"chain\": [{\"task\": \"payment.capture\","
                    + " \"args\": [4711]}, {\"chord\": {\"header\": [{\"task\": \"mail.send\"}, {\"task\": \"stock.book\"}],"
                    + " \"body\": {\"task\": \"order.close\"}}}]}}";
    private static final String MEMBERS =
            "{\"node\": \"0\", \"from\": 2, \"append\": [{\"task\": \"mail.send\", \"args\": [3]}]}";

    private final WorkflowReader reader;
    private final WorkflowRights rights;
    private final ChosenIds ids;
    private final WorkflowSender sender;

    WorkflowSubmissionController(WorkflowReader reader, WorkflowRights rights, ChosenIds ids, WorkflowSender sender) {
        this.reader = reader;
        this.rights = rights;
        this.ids = ids;
        this.sender = sender;
    }

    /**
     * The answer to a submission.
     *
     * @param id of the workflow
     */
    record Accepted(String id) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Submit a workflow",
            description =
                    "Answers as soon as the broker has the workflow on all in-sync replicas. A node is a task, a chain, a group, a"
                            + " chord, a map, a starmap or chunks, nested to any depth up to 100. A second workflow of the same id is ignored."
                            + " A group that is too large for one request is submitted open, and its further members follow by append. The"
                            + " caller needs task:submit for the queue of each task.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has it; Location is its address",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    @ApiResponse(
            responseCode = "409",
            description = "A task of a queue that is not granted has the id",
            content = @Content)
    @ApiResponse(
            responseCode = "413",
            description = "It is too large for one record; submit the group open, and append",
            content = @Content)
    CompletableFuture<ResponseEntity<Accepted>> submit(
            @RequestBody byte[] body,
            @Parameter(description = "Becomes the workflow's id", example = "order-4711")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Caller caller) {
        var workflow = reader.workflow(body, idempotencyKey);
        rights.requireSubmission(caller, workflow);
        if (caller.queues() != null && rights.visible(caller, workflow.id()).isEmpty()) {
            ids.require(caller, "id", workflow.id());
        }
        return accepted(workflow, "root");
    }

    @PostMapping(path = "/{id}/append", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Append members to an open group",
            description =
                    "node is the path of the group: the root is 0, its second child 0.1. from is the index of the first of these"
                            + " members in the group; members that the group has already are ignored, so that a request may be repeated."
                            + " Members run before the group is complete.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject(MEMBERS)))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has them",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    CompletableFuture<ResponseEntity<Accepted>> append(
            @PathVariable String id, @RequestBody byte[] body, Caller caller) {
        TaskRules.id("id", id);
        rights.require(caller, Authority.TASK_SUBMIT, id);
        var append = reader.append(body, id);
        rights.requireMembers(caller, append.append());
        return accepted(append, "append");
    }

    @PostMapping(path = "/{id}/complete", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Complete an open group",
            description =
                    "complete is the number of all members. The group ends when they have ended; it fails if it has fewer.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject("{\"node\": \"0\", \"complete\": 3}")))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has it",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    CompletableFuture<ResponseEntity<Accepted>> complete(
            @PathVariable String id, @RequestBody byte[] body, Caller caller) {
        TaskRules.id("id", id);
        rights.require(caller, Authority.TASK_SUBMIT, id);
        return accepted(reader.complete(body, id), "complete");
    }

    private CompletableFuture<ResponseEntity<Accepted>> accepted(WorkflowRecord record, String field) {
        return sender.send(record, field)
                .thenApply(taken -> ResponseEntity.accepted()
                        .location(URI.create("/api/workflows/" + record.id()))
                        .body(new Accepted(record.id())));
    }
}
