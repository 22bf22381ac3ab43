package io.celeriac.scheduleweb;

import io.celeriac.schedule.backfill.FiringRequests;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.parameter.Parameters;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
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

/** Fires schedules by hand: once now, or for each fire time of a range in the past. */
@RestController
@RequestMapping(path = "/api/schedules/{name}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Schedules")
public class ManualFiringController {

    private static final String EXAMPLE =
            "{\"from\": \"2026-01-30T00:00:00Z\", \"to\": \"2026-01-31T00:00:00Z\", \"perSecond\": 10}";
    private static final int MAX_LIMIT = 200;

    private final FiringRequests requests;
    private final VisibleSchedules visible;

    ManualFiringController(FiringRequests requests, Schedules schedules) {
        this.requests = requests;
        visible = new VisibleSchedules(schedules);
    }

    /**
     * @param id of the task that a scheduler emits within a second, or as soon as a scheduler runs again
     */
    record FiringAnswer(String id, Instant fireTime) {}

    @PostMapping("/fire")
    @Operation(
            summary = "Fire a schedule now",
            description =
                    "Submits one task with the options of the schedule. The schedule's own fire times and counters do not change."
                            + " A manual firing ignores `overlap`, but while its task runs, later firings follow `overlap`.")
    @ApiResponse(
            responseCode = "202",
            description = "Stored. Location is the address of the task, which a scheduler submits within a second")
    ResponseEntity<FiringAnswer> fire(@PathVariable String name, Caller caller) {
        visible.requireIfThere(name, caller);
        var firing = requests.fire(name, caller.author()).orElseThrow(() -> missing(name));
        return ResponseEntity.accepted()
                .location(URI.create("/api/tasks/" + firing.taskId()))
                .body(new FiringAnswer(firing.taskId(), firing.fireTime()));
    }

    @PostMapping("/backfill")
    @Operation(
            summary = "Fire for a range of the past",
            description =
                    "Fires for each fire time from `from` to before `to`. A fire time that has a firing already is skipped, unless"
                            + " `again` is true. `perSecond` (10) sets the pace. With `oneByOne`, each firing waits for the end of the one"
                            + " before it.")
    @ApiResponse(responseCode = "202", description = "Stored. Location is the address of the backfill and its progress")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    ResponseEntity<Backfill> backfill(@PathVariable String name, @RequestBody JsonNode body, Caller caller) {
        visible.requireIfThere(name, caller);
        var wanted = Backfill.Wanted.read(body);
        var request = requests.backfill(name, wanted.range(), wanted.pace(), caller.author())
                .orElseThrow(() -> missing(name));
        return ResponseEntity.accepted()
                .location(UriComponentsBuilder.fromPath("/api/schedules")
                        .pathSegment(name, "backfills", request.id())
                        .encode()
                        .build()
                        .toUri())
                .body(Backfill.of(request));
    }

    /**
     * @param total fire times in a range, those with a firing included
     */
    record Count(long total) {}

    @GetMapping("/backfill")
    @Operation(
            summary = "Count the fire times of a range of the past",
            description =
                    "The fire times in this range. A backfill without again leaves out those that have a firing. It stores nothing.")
    Count count(
            @PathVariable String name,
            @Parameter(description = "The earliest fire time", example = "2026-01-30T00:00:00Z", required = true)
                    @RequestParam(required = false)
                    @Nullable
                    String from,
            @Parameter(
                            description = "The end of the range, exclusive",
                            example = "2026-01-31T00:00:00Z",
                            required = true)
                    @RequestParam(required = false)
                    @Nullable
                    String to,
            Caller caller) {
        visible.requireIfThere(name, caller);
        var begin = Parameters.instant("from", from);
        var end = Parameters.instant("to", to);
        if (begin == null || end == null) {
            if (requests.backfills(name, 1).isEmpty()) {
                throw missing(name);
            }
            throw ProblemException.invalid(begin == null ? "from" : "to", "must be given");
        }
        return new Count(requests.count(name, begin, end).orElseThrow(() -> missing(name)));
    }

    public record Backfills(List<Backfill> items) {}

    @GetMapping("/backfills")
    @Operation(summary = "List the backfills of a schedule", description = "Latest first.")
    public Backfills backfills(
            @PathVariable String name,
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            Caller caller) {
        visible.requireIfThere(name, caller);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        return new Backfills(requests.backfills(name, limit).orElseThrow(() -> missing(name)).stream()
                .map(Backfill::of)
                .toList());
    }

    @GetMapping("/backfills/{id}")
    @Operation(summary = "Get a backfill and its progress")
    Backfill one(@PathVariable String name, @PathVariable String id, Caller caller) {
        visible.requireIfThere(name, caller);
        return requests.backfill(name, id).map(Backfill::of).orElseThrow(() -> missingBackfill(id));
    }

    @PostMapping("/backfills/{id}/cancel")
    @Operation(
            summary = "Cancel a backfill",
            description = "Tasks that it has submitted stay. A backfill that has ended does not change.")
    Backfill cancel(@PathVariable String name, @PathVariable String id, Caller caller) {
        visible.requireIfThere(name, caller);
        return requests.cancel(name, id, caller.author()).map(Backfill::of).orElseThrow(() -> missingBackfill(id));
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no schedule " + name);
    }

    private static ProblemException missingBackfill(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no backfill " + id + " of that schedule");
    }
}
