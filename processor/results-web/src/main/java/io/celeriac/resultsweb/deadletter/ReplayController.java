package io.celeriac.resultsweb.deadletter;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.ChosenIds;
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
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Replays one dead letter. */
@RestController
@RequestMapping(path = "/api/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Dead letters")
class ReplayController {

    private final DeadLetterReader letters;
    private final Replays replays;
    private final TaskSender client;
    private final LatestReceipts receipts;
    private final ChosenIds ids;
    private final VisibleLetters visible;

    ReplayController(
            DeadLetterReader letters,
            Replays replays,
            TaskSender client,
            LatestReceipts receipts,
            ChosenIds ids,
            VisibleLetters visible) {
        this.letters = letters;
        this.replays = replays;
        this.client = client;
        this.receipts = receipts;
        this.ids = ids;
        this.visible = visible;
    }

    @PostMapping("/{partition}/{offset}/replay")
    @Operation(
            summary = "Replay a dead letter",
            description =
                    "Sends the task of a dead letter to the queue that it came from, with all its fields, secrets included. value"
                            + " replaces the task, and queue the queue. The new task has an id of its own and names the old one in retryOf."
                            + " With the old id, workers would drop it as a duplicate. An expires that has passed is left out. The replay is"
                            + " noted at the dead letter.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            description = "What to change; absent to change nothing",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ReplayChange.class),
                            examples =
                                    @ExampleObject(
                                            "{\"value\": {\"task\": \"mail.send\", \"kwargs\": {\"to\": \"ada@example.org\"}}}")))
    @ApiResponse(
            responseCode = "202",
            description = "The broker has the new task; Location is its address",
            content = @Content(schema = @Schema(implementation = Receipt.class)))
    @ApiResponse(
            responseCode = "404",
            description = "No such dead letter, or no more",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    @ApiResponse(
            responseCode = "409",
            description = "It did not come from a queue, or it cannot be read and no value was given; errors says why",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class),
                            examples =
                                    @ExampleObject(
                                            "{\"status\": 409, \"detail\": \"the dead letter cannot be read as a task; send a corrected value\","
                                                    + " \"errors\": [{\"field\": \"value.priority\", \"message\": \"must be from 0 to 9, but is 99\"}]}")))
    @ApiResponse(
            responseCode = "422",
            description = "The value is no task, or there is no such queue; errors names the field",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    CompletableFuture<ResponseEntity<Receipt>> replay(
            @PathVariable int partition,
            @PathVariable long offset,
            @RequestBody(required = false) byte @Nullable [] body,
            @Parameter(description = "Becomes the id of the new task, so that a repeated request makes no second one")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Caller caller) {
        var id = idempotencyKey == null ? client.newId() : TaskRules.id("Idempotency-Key", idempotencyKey);
        var change = ReplayChange.read(body);
        ids.require(caller, "Idempotency-Key", idempotencyKey);
        return replays.send(visible.require(caller, letters.at(partition, offset)), change, id, caller)
                .thenApply(receipt -> {
                    receipts.add(receipt);
                    return ResponseEntity.accepted()
                            .location(URI.create("/api/tasks/" + receipt.id()))
                            .body(receipt);
                });
    }
}
