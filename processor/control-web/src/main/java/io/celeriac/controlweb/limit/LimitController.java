package io.celeriac.controlweb.limit;

import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
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
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows, sets and takes back the limits of handlers and workers, while the workers run. */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Limits")
public class LimitController {

    private static final String ANSWERS = "Each worker keeps to it within a second, also one that starts later, until"
            + " somebody takes it back. Answers who has acknowledged it within a second. With If-Match, which has the ETag of a"
            + " GET, a change that somebody else has made meanwhile is not overwritten.";

    private final Fleet fleet;
    private final Commands commands;
    private final WaitingRequests waitingRequests;
    private final InstantSource clock;

    LimitController(Fleet fleet, Commands commands, WaitingRequests waitingRequests, InstantSource clock) {
        this.fleet = fleet;
        this.commands = commands;
        this.waitingRequests = waitingRequests;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @GetMapping("/handlers")
    @Operation(
            summary = "List the tasks that workers can run",
            description =
                    "By the heartbeats of the workers that are up: parameters, limits as they are configured, and limits that"
                            + " somebody has set. Limits hold for each worker, not for the whole installation. A caller that is"
                            + " narrowed to queues sees what the workers of these queues can run.")
    public List<HandlerView> handlers(Caller caller) {
        return HandlerView.of(
                fleet.live().stream()
                        .filter(seen -> VisibleWorkers.sees(caller, seen))
                        .toList(),
                fleet);
    }

    @GetMapping("/handlers/{task}/limits")
    @Operation(
            summary = "Show the limits of a handler that somebody has set",
            description = "The ETag is for If-Match.")
    @ApiResponse(responseCode = "404", description = "No worker has such a handler")
    ResponseEntity<LiveLimits> ofHandler(@PathVariable String task) {
        requireHandler(task);
        return shown(Kind.HANDLER, task);
    }

    @PutMapping(path = "/handlers/{task}/limits", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Set the limits of a handler on each worker", description = ANSWERS)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Limits.class),
                            examples =
                                    @ExampleObject(
                                            "{\"concurrency\": 2, \"rateLimit\": \"100/m\", \"note\": \"the mail server is slow\"}")))
    @ApiResponse(responseCode = "200", description = "All workers that are up have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is set, and some workers have not answered yet")
    @ApiResponse(responseCode = "404", description = "No worker has such a handler")
    @ApiResponse(responseCode = "412", description = "Somebody has changed it meanwhile")
    @ApiResponse(responseCode = "422", description = "A value breaks a rule; errors name the field")
    CompletableFuture<ResponseEntity<CommandAnswer>> setHandler(
            @PathVariable String task,
            @RequestBody byte[] body,
            @Parameter(description = "ETag of the limits that you have seen")
                    @RequestHeader(name = "If-Match", required = false)
                    @Nullable
                    String ifMatch,
            Caller caller) {
        requireHandler(task);
        return set(Kind.HANDLER, task, Limits.read(body), ifMatch, caller);
    }

    @DeleteMapping("/handlers/{task}/limits")
    @Operation(summary = "Take back the limits of a handler", description = "The configured limits hold again.")
    @ApiResponse(responseCode = "200", description = "All workers that are up have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is taken back, and some workers have not answered yet")
    @ApiResponse(responseCode = "412", description = "Somebody has changed it meanwhile")
    CompletableFuture<ResponseEntity<CommandAnswer>> unsetHandler(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String task,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            Caller caller) {
        return set(Kind.HANDLER, task, Limits.NONE, ifMatch, caller);
    }

    @GetMapping("/workers/{id}/limits")
    @Operation(
            summary = "Show the concurrency of a worker that somebody has set",
            description = "The id * stands for all workers. The ETag is for If-Match.")
    public ResponseEntity<LiveLimits> ofWorker(@PathVariable String id) {
        requireWorker(id);
        return shown(Kind.WORKER, id);
    }

    @PutMapping(path = "/workers/{id}/limits", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Set the concurrency of a worker",
            description = "The id * stands for all workers; a setting of a single worker goes before it. " + ANSWERS)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Limits.class),
                            examples = @ExampleObject("{\"concurrency\": 16}")))
    @ApiResponse(responseCode = "200", description = "The worker, or all that are up, have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is set, and some workers have not answered yet")
    @ApiResponse(responseCode = "404", description = "No worker of this id was heard of lately")
    @ApiResponse(responseCode = "412", description = "Somebody has changed it meanwhile")
    CompletableFuture<ResponseEntity<CommandAnswer>> setWorker(
            @PathVariable String id,
            @RequestBody byte[] body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            Caller caller) {
        requireWorker(id);
        return set(Kind.WORKER, id, Limits.read(body), ifMatch, caller);
    }

    @DeleteMapping("/workers/{id}/limits")
    @Operation(summary = "Take back the concurrency of a worker", description = "The configured number holds again.")
    @ApiResponse(responseCode = "200", description = "The worker, or all that are up, have acknowledged it")
    @ApiResponse(responseCode = "202", description = "It is taken back, and some workers have not answered yet")
    @ApiResponse(responseCode = "412", description = "Somebody has changed it meanwhile")
    CompletableFuture<ResponseEntity<CommandAnswer>> unsetWorker(
            @Parameter(hidden = true) @RequestBody(required = false) byte @Nullable [] ignored,
            @PathVariable String id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            Caller caller) {
        return set(Kind.WORKER, id, Limits.NONE, ifMatch, caller);
    }

    private ResponseEntity<LiveLimits> shown(Kind kind, String target) {
        var limits = fleet.setting(kind, target).map(LiveLimits::of).orElse(LiveLimits.NONE);
        return ResponseEntity.ok().eTag('"' + limits.tag() + '"').body(limits);
    }

    private CompletableFuture<ResponseEntity<CommandAnswer>> set(
            Kind kind, String target, Limits limits, @Nullable String ifMatch, Caller caller) {
        var setting = LiveSetting.ofLimits(
                kind,
                target,
                UUID.randomUUID().toString(),
                caller.name(),
                clock.instant(),
                limits.concurrency(),
                limits.rateLimit(),
                limits.note());
        var expected = LiveLimits.idOf(ifMatch);
        return waitingRequests.during(() -> commands.set(setting, expected, asked(kind, target))
                .thenApply(answer -> CommandAnswer.of(setting.id(), answer)));
    }

    private List<String> asked(Kind kind, String target) {
        return fleet.live().stream()
                .map(seen -> seen.heartbeat().id())
                .filter(id -> kind == Kind.HANDLER || target.equals(LiveSetting.ALL) || target.equals(id))
                .toList();
    }

    private void requireHandler(String task) {
        var known = fleet.all().stream()
                .map(Seen::heartbeat)
                .flatMap(heartbeat -> heartbeat.handlers().stream())
                .anyMatch(handler -> handler.task().equals(task));
        if (!known && fleet.setting(Kind.HANDLER, task).isEmpty()) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND, "no worker that was heard of lately has a handler for tasks named " + task);
        }
    }

    private void requireWorker(String id) {
        if (!id.equals(LiveSetting.ALL)
                && fleet.find(id).isEmpty()
                && fleet.setting(Kind.WORKER, id).isEmpty()) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "no worker " + id + " was heard of lately");
        }
    }
}
