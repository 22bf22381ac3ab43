package io.celeriac.resultsweb.task;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.WaitingRequests;
import io.celeriac.web.parameter.DurationParameter;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.receipt.LatestReceipts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows one task: its state now, or when it has ended. */
@RestController
@RequestMapping(path = "/api/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
public class TaskController {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final ResultWait results;
    private final WaitingRequests waitingRequests;
    private final ReadYourWrites freshness;
    private final LatestReceipts receipts;
    private final WaitReason waiting;
    private final InstantSource clock;

    TaskController(
            ResultWait results,
            WaitingRequests waitingRequests,
            ReadYourWrites freshness,
            LatestReceipts receipts,
            WaitReason waiting,
            InstantSource clock) {
        this.results = results;
        this.waitingRequests = waitingRequests;
        this.freshness = freshness;
        this.receipts = receipts;
        this.waiting = waiting;
        this.clock = clock;
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
    public CompletableFuture<Object> result(
            @PathVariable String id,
            @Parameter(description = "At most 60 s, as ISO-8601 duration or in seconds", example = "PT10S")
                    @RequestParam(required = false)
                    @Nullable
                    String wait,
            @Parameter(description = ReadYourWrites.DESCRIPTION, example = "default-3-41")
                    @RequestParam(required = false)
                    @Nullable
                    String atLeast,
            Caller caller) {
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
                        .thenApply(result -> waiting.explained(result.filter(found -> caller.sees(found.queue()))
                                .orElseThrow(() -> notFound(id)))));
    }

    private <T> CompletableFuture<T> whileWaiting(boolean mayWait, Supplier<CompletableFuture<T>> answer) {
        return mayWait ? waitingRequests.during(answer) : answer.get();
    }

    private static Duration waitOf(String text) {
        var wait = DurationParameter.of("wait", text);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw ProblemException.invalid("wait", "must not be longer than " + LONGEST_WAIT.toSeconds() + " s");
        }
        return wait;
    }

    private static ProblemException notFound(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "no task " + id + " is known, or not yet");
    }
}
