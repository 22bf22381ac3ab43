package io.celeriac.gateway.schedule;

import io.celeriac.gateway.problem.ProblemException;
import io.celeriac.schedule.FiringRequests;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
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
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;

/** Runs beside a schedule's rhythm: one now, or those of a range in the past. */
@RestController
@RequestMapping(path = "/api/schedules/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Schedules")
class RunController {

    private static final String EXAMPLE =
            "{\"from\": \"2026-01-30T00:00:00Z\", \"to\": \"2026-01-31T00:00:00Z\", \"perSecond\": 10}";
    private static final int MAX_LIMIT = 200;

    private final FiringRequests requests;

    RunController(FiringRequests requests) {
        this.requests = requests;
    }

    /**
     * @param id of the task that a scheduler emits within a second, or when it is back
     */
    record RunAnswer(String id, Instant fireTime) {}

    @PostMapping("/run")
    @Operation(
            summary = "Run it now",
            description =
                    "One run with all options of the schedule, whose rhythm and overlap policy do not matter to it, nor it"
                            + " to the rhythm.")
    @ApiResponse(responseCode = "202", description = "Stored; Location is the task's, once it is emitted")
    ResponseEntity<RunAnswer> run(@PathVariable String name, @Nullable Principal user) {
        var run = requests.run(name, by(user)).orElseThrow(() -> missing(name));
        return ResponseEntity.accepted()
                .location(URI.create("/api/tasks/" + run.taskId()))
                .body(new RunAnswer(run.taskId(), run.fireTime()));
    }

    @PostMapping("/backfill")
    @Operation(
            summary = "Run what a range in the past would have run",
            description =
                    "Fire times from `from` to before `to`. One that had a run already is skipped, unless `again` is true."
                            + " `perSecond` (10) is the pace, and with `oneByOne` each waits until the one before it has ended.")
    @ApiResponse(responseCode = "202", description = "Stored; Location tells the progress")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    ResponseEntity<Backfill> backfill(@PathVariable String name, @RequestBody JsonNode body, @Nullable Principal user) {
        var wanted = Backfill.Wanted.read(body);
        var request =
                requests.backfill(name, wanted.range(), wanted.pace(), by(user)).orElseThrow(() -> missing(name));
        return ResponseEntity.accepted()
                .location(UriComponentsBuilder.fromPath("/api/schedules")
                        .pathSegment(name, "backfills", request.id())
                        .encode()
                        .build()
                        .toUri())
                .body(Backfill.of(request));
    }

    record Backfills(List<Backfill> items) {}

    @GetMapping("/backfills")
    @Operation(summary = "A schedule's backfills", description = "The latest first.")
    Backfills backfills(
            @PathVariable String name,
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        return new Backfills(requests.backfills(name, limit).orElseThrow(() -> missing(name)).stream()
                .map(Backfill::of)
                .toList());
    }

    @GetMapping("/backfills/{id}")
    @Operation(summary = "One backfill and its progress")
    Backfill one(@PathVariable String name, @PathVariable String id) {
        return requests.backfill(name, id).map(Backfill::of).orElseThrow(() -> missingBackfill(id));
    }

    @PostMapping("/backfills/{id}/cancel")
    @Operation(
            summary = "End a backfill",
            description = "What it has emitted stays. One that has ended stays as it is.")
    Backfill cancel(@PathVariable String name, @PathVariable String id, @Nullable Principal user) {
        return requests.cancel(name, id, by(user)).map(Backfill::of).orElseThrow(() -> missingBackfill(id));
    }

    private static @Nullable String by(@Nullable Principal user) {
        return user == null ? null : user.getName();
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no schedule " + name);
    }

    private static ProblemException missingBackfill(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no backfill " + id + " of that schedule");
    }
}
