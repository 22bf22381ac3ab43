package io.celeriac.resultsweb.event;

import io.celeriac.contract.task.TaskState;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.resultsweb.search.VisibleTasks;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.parameter.LabelParameter;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Streams state changes of tasks as server-sent events. */
@RestController
@Tag(name = "Tasks")
class EventController {

    static final String PATH = "/api/tasks/events";

    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String LAST_EVENT_ID_PARAMETER = "lastEventId";

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final EventHub hub;
    private final TaskFields fields;
    private final InstantSource clock;

    EventController(EventHub hub, TaskFields fields, InstantSource clock) {
        this.hub = hub;
        this.clock = clock;
        this.fields = fields;
    }

    @GetMapping(PATH)
    @Operation(summary = "Follow tasks", description = """
                    Server-sent events, one for each change of state. Its event is the state, its data is the TaskResult on \
                    one line, and its id is a position. Without an id, the stream begins with the next change.

                    With the id of the last event, the stream continues after that event, on any gateway, without loss. An \
                    EventSource does this by itself. The topic keeps only the latest state of a task for long, so earlier \
                    states of a task may be missing. A worker may repeat a result; revision tells repeats apart.

                    Other events: position has only an id. It comes at the beginning, and from time to time while no event \
                    matches. gap says where the stream continues, if the requested position is no longer there. dropped is \
                    the last event before the server ends a stream, for example because it is read too slowly, and says \
                    why. A client that was dropped continues with its last id and loses nothing. A comment comes every 15 \
                    seconds. With access control, a stream ends after five minutes at most, so that credentials are checked \
                    again; its client goes on with its last id.

                    Filters of different names must all hold. A filter that is repeated matches any of its values, except \
                    label: a task must have all of them.""")
    @ApiResponse(
            responseCode = "200",
            description = "A stream that lasts until one side ends it",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(type = "string"),
                            examples =
                                    @ExampleObject(
                                            "id: 0-17.1-40\nevent: SUCCESS\ndata: {\"id\":\"a\",\"task\":\"demo.add\",\"state\":\"SUCCESS\"}\n\n")))
    @ApiResponse(responseCode = "400", description = "The id, the state or the search is not valid", content = @Content)
    @ApiResponse(
            responseCode = "503",
            description =
                    "Too many streams are open, or too many read older events. Retry-After says when to try again."
                            + " An EventSource does not try again by itself.",
            content = @Content)
    @Parameter(name = "state", in = ParameterIn.QUERY, array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "task",
            in = ParameterIn.QUERY,
            description = "Name of the handler",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(name = "queue", in = ParameterIn.QUERY, array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "schedule",
            in = ParameterIn.QUERY,
            description = "Name of the schedule that it came from",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "id",
            in = ParameterIn.QUERY,
            description = "Id of the task",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "root",
            in = ParameterIn.QUERY,
            description = "Id of a first task: that task, and all tasks that came from it",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "label",
            in = ParameterIn.QUERY,
            example = "tenant:acme",
            array = @ArraySchema(schema = @Schema(type = "string")))
    @Parameter(
            name = "q",
            in = ParameterIn.QUERY,
            description = "A search by the grammar of GET /api/tasks. Relative times are counted from the start of the"
                    + " stream",
            example = "state:FAILURE took:>5s -task:demo.*",
            schema = @Schema(type = "string"))
    @Parameter(
            name = LAST_EVENT_ID_PARAMETER,
            in = ParameterIn.QUERY,
            description = "As Last-Event-ID, for the first connection of an EventSource. The header takes precedence",
            schema = @Schema(type = "string"))
    void events(
            @Parameter(description = "Goes on after this event", example = "0-17.1-40")
                    @RequestHeader(name = LAST_EVENT_ID, required = false)
                    @Nullable
                    String lastEventId,
            @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
            HttpServletRequest request,
            HttpServletResponse response,
            Caller caller)
            throws IOException {
        var position = lastEventId == null || lastEventId.isBlank()
                ? position(LAST_EVENT_ID_PARAMETER, parameters.getFirst(LAST_EVENT_ID_PARAMETER))
                : position(LAST_EVENT_ID, lastEventId);
        var filter = filter(parameters, caller);
        if (request.getMethod().equals("HEAD")) {
            describe(response);
            return;
        }
        hub.open(filter, position, client -> {
            lifetime(caller).ifPresent(client::endAfter);
            describe(response);
            ServletOutput.open(client, request, response);
        });
    }

    private static @Nullable Position position(String field, @Nullable String text) {
        try {
            return text == null || text.isBlank() ? null : Position.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw ProblemException.unreadable(field, String.valueOf(e.getMessage()));
        }
    }

    /** How long a stream of this caller lasts: so long may a token still work here after it was revoked. */
    private Optional<Duration> lifetime(Caller caller) {
        if (caller.kind() == Caller.Kind.OPEN) {
            return Optional.empty();
        }
        var left = caller.until() == null ? LONGEST : Duration.between(clock.instant(), caller.until());
        return Optional.of(left.compareTo(LONGEST) < 0 ? left : LONGEST);
    }

    private EventFilter filter(MultiValueMap<String, String> parameters, Caller caller) {
        var states =
                values(parameters, "state").stream().map(EventController::state).collect(Collectors.toSet());
        return new EventFilter(
                states,
                values(parameters, "task"),
                values(parameters, "queue"),
                values(parameters, "schedule"),
                values(parameters, "id"),
                values(parameters, "root"),
                LabelParameter.labels(values(parameters, "label")),
                VisibleTasks.of(caller, "q", fields.condition(parameters.getFirst("q"))),
                caller.may(Authority.TASK_PAYLOAD));
    }

    private static Set<String> values(MultiValueMap<String, String> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isBlank())
                .collect(Collectors.toSet());
    }

    private static TaskState state(String text) {
        try {
            return TaskState.valueOf(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.unreadable("state", "must be one of " + List.of(TaskState.values()));
        }
    }

    private static void describe(HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Accel-Buffering", "no");
    }
}
