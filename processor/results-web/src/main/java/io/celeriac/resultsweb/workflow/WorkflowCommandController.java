package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.parameter.BodyFields;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Revokes workflows, and retries what has failed of them. */
@RestController
@RequestMapping(path = "/api/workflows", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Workflows")
class WorkflowCommandController {

    private final WorkflowRights rights;
    private final WorkflowSender sender;
    private final InstantSource clock;

    WorkflowCommandController(WorkflowRights rights, WorkflowSender sender, InstantSource clock) {
        this.rights = rights;
        this.sender = sender;
        this.clock = clock;
    }

    /**
     * The run that a retry begins.
     *
     * @param id of the task that shows the result of this run
     * @param retryOf id of the workflow
     * @param run its number; 1 for the first retry
     */
    record WorkflowRun(String id, String retryOf, int run) {}

    @PostMapping("/{id}/revoke")
    @Operation(
            summary = "Revoke a workflow",
            description =
                    "Nothing more of it is sent, and its tasks that have not started do not run. Running tasks are interrupted if"
                            + " terminate is true; otherwise they may finish. A workflow that has ended stays as it is. Answers when the"
                            + " broker has the command.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(type = "object"),
                            examples = @ExampleObject("{\"terminate\": true}")))
    @ApiResponse(responseCode = "202", description = "The broker has the command", content = @Content)
    @ApiResponse(
            responseCode = "404",
            description = "No such workflow, for a caller that is narrowed to queues",
            content = @Content)
    CompletableFuture<ResponseEntity<Void>> revoke(
            @PathVariable String id, @RequestBody(required = false) byte @Nullable [] body, Caller caller) {
        TaskRules.id("id", id);
        rights.require(caller, Authority.TASK_REVOKE, id);
        var terminate = BodyFields.read(body, "terminate").flag("terminate");
        return sent(id, WorkflowCommand.Kind.REVOKE, terminate, caller)
                .thenApply(taken -> ResponseEntity.accepted().build());
    }

    @PostMapping("/{id}/retry")
    @Operation(
            summary = "Retry what failed of a workflow",
            description =
                    "Runs what has not succeeded again, in a new run of the same workflow. What has succeeded is not run again."
                            + " Answers when the broker has the command. The id of the answer is that of the new run's result:"
                            + " GET /api/tasks/{id}?wait=PT60S waits for it, and its retryOf is the workflow.")
    @ApiResponse(responseCode = "202", description = "The broker has the command", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "404", description = "No such workflow, or not known yet", content = @Content)
    @ApiResponse(responseCode = "409", description = "It has not ended, or it has succeeded", content = @Content)
    CompletableFuture<ResponseEntity<WorkflowRun>> retry(
            @PathVariable String id, @RequestBody(required = false) byte @Nullable [] body, Caller caller) {
        TaskRules.id("id", id);
        BodyFields.read(body);
        var workflow = rights.require(caller, Authority.TASK_RETRY, id).orElseThrow(() -> WorkflowRights.notFound(id));
        if (!workflow.state().isFinal() || workflow.state() == TaskState.SUCCESS) {
            throw ProblemException.conflict(
                    "workflow " + id + " is " + workflow.state()
                            + "; only a workflow that has ended without success can be retried",
                    List.of());
        }
        var run = workflow.run() + 1;
        return sent(id, WorkflowCommand.Kind.RETRY, false, caller)
                .thenApply(
                        taken -> ResponseEntity.accepted().body(new WorkflowRun(WorkflowIds.ofRun(id, run), id, run)));
    }

    private CompletableFuture<Void> sent(String id, WorkflowCommand.Kind kind, boolean terminate, Caller caller) {
        var command = new WorkflowCommand(
                id, kind, terminate, caller.author(), clock.instant().truncatedTo(ChronoUnit.MICROS));
        return sender.send(command, "id");
    }
}
