package io.celeriac.scheduleweb;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.store.ScheduleChange;
import io.celeriac.schedule.store.ScheduleFilter;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.parameter.LabelParameter;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Lists, creates, reads, replaces, deletes, pauses and resumes schedules; shows their history and previews rules. */
@RestController
@RequestMapping(path = "/api/schedules", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Schedules")
public class ScheduleController {

    private static final String EXAMPLE =
            "{\"name\": \"timing\", \"task\": \"demo.timing\", \"kind\": \"interval\", \"every\": \"PT3S\"}";
    private static final String PREVIEW_EXAMPLE = "{\"kind\": \"interval\", \"every\": \"PT3S\"}";

    private static final int MAX_LIMIT = 200;

    /** Hexadecimal digits of the digest in a tag. */
    private static final int DIGEST = 16;

    private static final int MAX_PREVIEW = 1_000;

    private final Schedules schedules;
    private final ScheduleViews views;
    private final QueueDirectory queues;
    private final ListPermits lists;
    private final VisibleSchedules visible;

    ScheduleController(Schedules schedules, ScheduleViews views, QueueDirectory queues, ListPermits lists) {
        this.visible = new VisibleSchedules(schedules);
        this.schedules = schedules;
        this.views = views;
        this.queues = queues;
        this.lists = lists;
    }

    /**
     * @param items ordered by name
     * @param cursor for the next page; null when this is the last
     */
    public record SchedulePage(
            List<JsonNode> items, @Nullable String cursor) {}

    @GetMapping
    @Operation(
            summary = "List schedules",
            description =
                    "Ordered by name. All filters must hold. Each filter uses an index. Several filters that together match few of"
                            + " many schedules can exceed the time limit of 5 s; the answer is then 503. A caller that is narrowed"
                            + " to queues gets the schedules of all its queues. "
                            + ScheduleViews.UNREADABLE + " " + ScheduleViews.DECLARATIONS)
    @LabelParameter.Documented
    public SchedulePage list(
            @Parameter(description = "First characters of the name", example = "mail.")
                    @RequestParam(required = false)
                    @Nullable
                    String namePrefix,
            @RequestParam(required = false) @Nullable String task,
            @RequestParam(required = false) @Nullable String queue,
            @Parameter(description = "interval, crontab, solar or clocked") @RequestParam(required = false) @Nullable
                    String kind,
            @Parameter(description = "false for paused schedules") @RequestParam(required = false) @Nullable
                    Boolean enabled,
            @Parameter(description = "Name of the application that declares them", example = "shop")
                    @RequestParam(required = false)
                    @Nullable
                    String declaredBy,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "From the page before") @RequestParam(defaultValue = "") String cursor,
            Caller caller) {
        var filter = new ScheduleFilter(
                namePrefix,
                task,
                caller.within(Authority.SCHEDULE_READ, "queue", queue),
                kind,
                enabled,
                declaredBy,
                LabelParameter.of(parameters));
        var most = checked("limit", limit, MAX_LIMIT);
        var found = lists.with(() -> schedules.list(filter, cursor, most));
        return new SchedulePage(views.of(found.items()), found.cursor());
    }

    @PostMapping
    @Operation(
            summary = "Create a schedule",
            description =
                    "A schedule that would never fire is refused, unless enabled is false. An example is an instant that passed more"
                            + " than a minute ago. Texts in args and kwargs may name the fire time: {fireTime}, or"
                            + " {fireTime:yyyy-MM-dd} by the schedule's wall clock.")
    @ApiResponse(responseCode = "201", description = "Created. Its ETag begins with the version")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    ResponseEntity<JsonNode> create(@RequestBody JsonNode body, Caller caller) {
        var schedule = ScheduleJson.schedule(null, body);
        caller.require(Authority.SCHEDULE_WRITE, "queue", schedule.template().queue());
        queues.require(caller, "queue", schedule.template().queue());
        return answer(schedules.create(schedule, caller.author()), false);
    }

    @GetMapping("/{name}")
    @Operation(summary = "Get a schedule", description = ScheduleViews.UNREADABLE + " " + ScheduleViews.DECLARATIONS)
    public ResponseEntity<JsonNode> one(@PathVariable String name, Caller caller) {
        return schedules
                .look(name)
                .filter(found -> VisibleSchedules.sees(caller, found))
                .map(found -> tagged(ResponseEntity.ok(), found))
                .orElseThrow(() -> missing(name));
    }

    /** The tag covers the whole answer, so it changes with firings too. Conditions compare only the version at its beginning. */
    private ResponseEntity<JsonNode> tagged(ResponseEntity.BodyBuilder answer, ScheduleRow schedule) {
        var view = views.of(schedule);
        var digest = DigestUtils.md5DigestAsHex(TaskJson.bytes(view)).substring(0, DIGEST);
        return answer.eTag("\"" + schedule.version() + "-" + digest + "\"").body(view);
    }

    @PutMapping("/{name}")
    @Operation(
            summary = "Create or replace a schedule",
            description =
                    "With If-Match, the call succeeds only if nobody has changed the schedule and no firing was counted down since;"
                            + " otherwise it is 412. With If-None-Match: *, it succeeds only if there is no schedule of this name. A new"
                            + " timing that would never fire is refused, unless enabled is false. An unreadable schedule is replaced.")
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Created")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    ResponseEntity<JsonNode> put(
            @PathVariable String name,
            @RequestBody JsonNode body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller) {
        var schedule = ScheduleJson.schedule(name, body);
        caller.require(Authority.SCHEDULE_WRITE, "queue", schedule.template().queue());
        visible.requireIfThere(name, caller);
        queues.require(caller, "queue", schedule.template().queue());
        return answer(schedules.put(schedule, Conditions.of(ifMatch, ifNoneMatch), caller.author()), ifMatch != null);
    }

    @DeleteMapping("/{name}")
    @Operation(summary = "Delete a schedule")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    ResponseEntity<JsonNode> delete(
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller) {
        visible.requireIfThere(name, caller);
        return answer(schedules.delete(name, Conditions.of(ifMatch, ifNoneMatch)), false);
    }

    /**
     * @param note the reason; null to keep the present note
     */
    record Note(@Nullable String note) {

        static @Nullable String read(@Nullable JsonNode body) {
            if (body == null) {
                return null;
            }
            if (!body.isObject()) {
                throw ProblemException.invalid("body", "must be a JSON object");
            }
            var note = body.path("note");
            if (note.isMissingNode() || note.isNull()) {
                return null;
            }
            if (!note.isString()) {
                throw ProblemException.invalid("note", "must be a text");
            }
            return note.asString();
        }
    }

    @PostMapping("/{name}/pause")
    @Operation(summary = "Pause a schedule", description = "Fire times during the pause are missed.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Note.class)))
    ResponseEntity<JsonNode> pause(
            @PathVariable String name,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller) {
        visible.requireIfThere(name, caller);
        return answer(
                schedules.pause(name, Note.read(body), Conditions.of(ifMatch, ifNoneMatch), caller.author()), false);
    }

    @PostMapping("/{name}/resume")
    @Operation(
            summary = "Resume a schedule",
            description = "Its catchUp decides what happens to the fire times that it missed.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = Note.class)))
    ResponseEntity<JsonNode> resume(
            @PathVariable String name,
            @RequestBody(required = false) @Nullable JsonNode body,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller) {
        visible.requireIfThere(name, caller);
        return answer(
                schedules.resume(name, Note.read(body), Conditions.of(ifMatch, ifNoneMatch), caller.author()), false);
    }

    @GetMapping("/{name}/firings")
    @Operation(summary = "List the firings of a schedule", description = "Emitted and skipped firings, latest first.")
    public FiringPage firings(
            @PathVariable String name,
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            @Parameter(description = "From the page before") @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        visible.requireIfThere(name, caller);
        return schedules
                .firings(name, checked("limit", limit, MAX_LIMIT), cursor)
                .map(page -> new FiringPage(
                        page.items().stream().map(FiringEntry::of).toList(), page.cursor()))
                .orElseThrow(() -> missing(name));
    }

    /**
     * @param items the latest firing first
     * @param cursor for the next page; null when this is the last
     */
    public record FiringPage(
            List<FiringEntry> items, @Nullable String cursor) {}

    /**
     * @param count number of consecutive firings that the entry stands for, up to {@code fireUntil}
     */
    public record FiringEntry(
            Instant fireTime,
            String kind,
            @Nullable String taskId,
            Instant fireUntil,
            long count,
            @Nullable String reason,
            Instant emittedAt) {

        static FiringEntry of(ScheduleFiring firing) {
            return new FiringEntry(
                    firing.fireTime(),
                    firing.kind().word(),
                    firing.taskId(),
                    firing.fireUntil(),
                    firing.count(),
                    firing.reason(),
                    firing.emittedAt());
        }
    }

    @PostMapping("/preview")
    @Operation(
            summary = "When a rule fires",
            description =
                    "Stores nothing. The description of the rule is in Chinese if the caller prefers that, or else in English.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(PREVIEW_EXAMPLE)))
    PreviewAnswer preview(
            @RequestBody JsonNode body,
            @Parameter(description = "1 to 1,000") @RequestParam(defaultValue = "10") int count,
            @Parameter(hidden = true) Locale language) {
        var asked = ScheduleJson.preview(body);
        return new PreviewAnswer(
                schedules.preview(asked.timing(), asked.after(), checked("count", count, MAX_PREVIEW)),
                asked.timing().rule().description(language));
    }

    record PreviewAnswer(List<Instant> fires, String description) {}

    private ResponseEntity<JsonNode> answer(ScheduleChange change, boolean mustBeThere) {
        if (change instanceof ScheduleChange.Saved saved) {
            var schedule = saved.schedule();
            var answer = saved.created()
                    ? ResponseEntity.created(
                            URI.create("/api/schedules/" + schedule.schedule().name()))
                    : ResponseEntity.ok();
            return tagged(answer, schedule);
        }
        if (change instanceof ScheduleChange.Deleted) {
            return ResponseEntity.noContent().build();
        }
        if (change instanceof ScheduleChange.NeverFires never) {
            throw ProblemException.invalid(never.field(), never.rule());
        }
        if (change instanceof ScheduleChange.Stale stale) {
            throw new ProblemException(
                    HttpStatus.PRECONDITION_FAILED,
                    "the schedule does not match the condition of the request; its version is " + stale.version());
        }
        throw change instanceof ScheduleChange.NameTaken
                ? new ProblemException(HttpStatus.CONFLICT, "there is a schedule of that name")
                : new ProblemException(
                        mustBeThere ? HttpStatus.PRECONDITION_FAILED : HttpStatus.NOT_FOUND,
                        "there is no schedule of that name");
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no schedule " + name);
    }

    private static int checked(String field, int value, int most) {
        if (value < 1 || value > most) {
            throw ProblemException.invalid(field, "must be from 1 to " + most);
        }
        return value;
    }
}
