package io.celeriac.controlweb.worker;

import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.control.WorkerCommand.Kind;
import io.celeriac.controlweb.fleet.CommandAnswer;
import io.celeriac.controlweb.fleet.Commands;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.controlweb.fleet.Fleet.Seen;
import io.celeriac.controlweb.fleet.VisibleWorkers;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.WaitingRequests;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows workers, drains and resumes them. */
@RestController
@RequestMapping(path = "/api/workers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Workers")
public class WorkerController {

    private static final Duration EXPIRY = Duration.ofMinutes(1);

    private final Fleet fleet;
    private final Commands commands;
    private final WaitingRequests waitingRequests;
    private final InstantSource clock;

    WorkerController(Fleet fleet, Commands commands, WaitingRequests waitingRequests, InstantSource clock) {
        this.fleet = fleet;
        this.commands = commands;
        this.waitingRequests = waitingRequests;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @GetMapping
    @Operation(
            summary = "List workers",
            description =
                    "What each worker said in its last heartbeat: its state, queues, partitions, limits and handlers. Workers send a"
                            + " heartbeat every 5 s. A worker that was silent for 15 s is lost. Workers that stopped in order are left"
                            + " out, unless all is true; they are forgotten after a day. A caller that is narrowed to queues sees the"
                            + " workers of these queues, and nothing of their other queues.")
    List<WorkerView> list(
            @Parameter(description = "Also those that have stopped") @RequestParam(defaultValue = "false") boolean all,
            Caller caller) {
        return all(caller).stream()
                .filter(worker -> all || worker.state() != WorkerView.State.STOPPED)
                .map(WorkerView::brief)
                .toList();
    }

    /** All workers that were heard of lately and that the caller sees, with their attempts. */
    public List<WorkerView> all(Caller caller) {
        var now = fleet.listenedUntil();
        return fleet.all().stream()
                .filter(seen -> VisibleWorkers.sees(caller, seen))
                .map(seen -> WorkerView.of(seen, now).shownTo(caller))
                .toList();
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show a worker", description = "Also the attempts that it runs, oldest first, at most 1,000.")
    @ApiResponse(responseCode = "404", description = "No worker of this id was heard of lately")
    public WorkerView show(@PathVariable String id, Caller caller) {
        var seen = require(id);
        if (!VisibleWorkers.sees(caller, seen)) {
            throw unknown(id);
        }
        return WorkerView.of(seen, fleet.listenedUntil()).shownTo(caller);
    }

    @PostMapping("/{id}/drain")
    @Operation(
            summary = "Drain a worker",
            description =
                    "The worker begins nothing more, waits for its running attempts as long as its drain timeout, and hands its"
                            + " partitions over. It stays up without any until it is resumed or restarted. Answers within a second"
                            + " whether the worker has begun; its state tells how far it is.")
    @ApiResponse(responseCode = "200", description = "The worker has begun")
    @ApiResponse(responseCode = "202", description = "The worker has not answered yet; it has a minute to begin")
    @ApiResponse(responseCode = "404", description = "No worker of this id was heard of lately")
    @ApiResponse(responseCode = "409", description = "The worker is lost or has stopped")
    CompletableFuture<ResponseEntity<CommandAnswer>> drain(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String id,
            Caller caller) {
        return tell(Kind.DRAIN, id, caller);
    }

    @PostMapping("/{id}/resume")
    @Operation(
            summary = "Resume a drained worker",
            description = "The worker takes partitions again. Answers within a second whether it has begun.")
    @ApiResponse(responseCode = "200", description = "The worker has begun")
    @ApiResponse(responseCode = "202", description = "The worker has not answered yet; it has a minute to begin")
    @ApiResponse(responseCode = "404", description = "No worker of this id was heard of lately")
    @ApiResponse(responseCode = "409", description = "The worker is lost or has stopped")
    CompletableFuture<ResponseEntity<CommandAnswer>> resume(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String id,
            Caller caller) {
        return tell(Kind.RESUME, id, caller);
    }

    private CompletableFuture<ResponseEntity<CommandAnswer>> tell(Kind kind, String id, Caller caller) {
        var now = clock.instant();
        var worker = WorkerView.of(require(id), fleet.listenedUntil());
        if (worker.state() == WorkerView.State.LOST || worker.state() == WorkerView.State.STOPPED) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "worker " + id + " is " + worker.state().word() + ": it was last heard of at " + worker.seenAt());
        }
        var command = new WorkerCommand(kind, UUID.randomUUID().toString(), id, caller.name(), now, now.plus(EXPIRY));
        return waitingRequests.during(
                () -> commands.tell(command).thenApply(answer -> CommandAnswer.of(command.id(), answer)));
    }

    private Seen require(String id) {
        return fleet.find(id).orElseThrow(() -> unknown(id));
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "no worker " + id + " was heard of lately");
    }
}
