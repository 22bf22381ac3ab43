package io.celeriac.resultsweb.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.results.action.ActionCursor;
import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.action.ItemOutcome;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Plans, creates, shows and aborts actions on many tasks. */
@RestController
@RequestMapping(path = "/api", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Actions")
public class ActionController {

    private static final String EXAMPLE =
            "{\"do\": \"retry\", \"q\": \"state:FAILURE queue:mail since:1h\", \"rate\": 50, \"dryRun\": true}";
    private static final String EXAMPLE_BY_KIND = "{\"q\": \"queue:mail since:1h\", \"rate\": 50, \"dryRun\": true}";
    private static final int MAX_LIMIT = 500;
    private static final int MAX_ACTIONS = 200;

    private final Actions actions;
    private final ActionRepository repository;
    private final ActionViews views;

    ActionController(Actions actions, ActionRepository repository, ActionViews views) {
        this.actions = actions;
        this.repository = repository;
        this.views = views;
    }

    /**
     * The answer to a dry run.
     *
     * @param count items that were counted
     * @param exact false: there are more
     * @param workflows how many of these are workflows: they are refused, and retried or revoked one by one
     * @param frozenQ send it as q to act on these items, and on none that came later
     * @param sample up to ten of them, newest first: tasks, or dead letters for a replay
     */
    record DryRun(long count, boolean exact, long workflows, String frozenQ, List<Object> sample) {}

    /**
     * @param items newest first
     * @param cursor for the next page; null when this is the last
     */
    @JsonInclude(Include.NON_NULL)
    public record ActionPage(
            List<ActionView> items, @Nullable String cursor) {}

    /**
     * @param items by their names
     * @param after for the next page; null when this is the last
     */
    @JsonInclude(Include.NON_NULL)
    public record ItemPage(List<ActionItem> items, @Nullable String after) {}

    @PostMapping("/actions")
    @Operation(
            summary = "Retry, revoke or replay all tasks that a search finds",
            description =
                    "With dryRun, it only counts, up to celeriac.actions.count-up-to items and five seconds, and shows a sample."
                            + " Otherwise it creates an action. A gateway works on it in the background, page by page; if the gateway ends,"
                            + " another one goes on. Times in q are resolved at the creation, and tasks that are submitted later are left"
                            + " out. If q names no state, retry and replay take state:FAILURE, and revoke takes tasks that have not ended."
                            + " A retry or replay of a task that was retried or replayed before is refused, item by item. Replay finds the"
                            + " dead letters of the tasks that q finds. For a caller that is narrowed to queues, the action finds and touches"
                            + " only tasks of these queues.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ActionRequest.class),
                            examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(
            responseCode = "200",
            description = "dryRun: what it would do",
            content = @Content(schema = @Schema(implementation = DryRun.class)))
    @ApiResponse(
            responseCode = "202",
            description = "The action was created; Location is its address",
            content = @Content(schema = @Schema(implementation = ActionView.class)))
    @ApiResponse(
            responseCode = "400",
            description = "q cannot be read; position and caret say where",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    @ApiResponse(
            responseCode = "409",
            description = "Too many actions are running",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    @ApiResponse(
            responseCode = "422",
            description = "A field breaks a rule, or the Idempotency-Key was used for another request; errors names it",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    ResponseEntity<Object> act(
            @RequestBody byte[] body,
            @Parameter(description = "A request that is repeated with the same key creates no second action")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            Caller caller) {
        return answer(ActionRequest.read(body, null), idempotencyKey, caller);
    }

    @PostMapping("/tasks/retry")
    @Operation(summary = "Retry all tasks that a search finds", description = "POST /api/actions with do=retry.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE_BY_KIND)))
    @ApiResponse(responseCode = "202", description = "The action was created; Location is its address")
    ResponseEntity<Object> retry(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller) {
        return answer(ActionRequest.read(body, ActionKind.RETRY), idempotencyKey, caller);
    }

    @PostMapping("/tasks/revoke")
    @Operation(summary = "Revoke all tasks that a search finds", description = "POST /api/actions with do=revoke.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE_BY_KIND)))
    @ApiResponse(responseCode = "202", description = "The action was created; Location is its address")
    ResponseEntity<Object> revoke(
            @RequestBody byte[] body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller) {
        return answer(ActionRequest.read(body, ActionKind.REVOKE), idempotencyKey, caller);
    }

    private ResponseEntity<Object> answer(ActionRequest request, @Nullable String idempotencyKey, Caller caller) {
        caller.require(needed(request.kind()), "do: " + request.kind().word());
        if (request.dryRun()) {
            var plan = actions.plan(request, caller);
            return ResponseEntity.ok(
                    new DryRun(plan.count(), plan.exact(), plan.workflows(), plan.frozenQ(), plan.sample()));
        }
        var id = idempotencyKey == null
                ? UUID.randomUUID().toString()
                : TaskIds.ofAction(caller.name(), TaskRules.id("Idempotency-Key", idempotencyKey));
        var there = idempotencyKey == null ? null : actions.find(id);
        var action = there == null ? actions.create(request, () -> id, caller) : there;
        if (!request.asks(action.order(), caller.queues())) {
            throw ProblemException.invalid(
                    "Idempotency-Key",
                    "was used before, for another request: do is "
                            + action.order().kind().word());
        }
        return ResponseEntity.accepted()
                .location(URI.create("/api/actions/" + action.id()))
                .body(views.of(action, caller));
    }

    private static Authority needed(ActionKind kind) {
        return switch (kind) {
            case RETRY -> Authority.TASK_RETRY;
            case REVOKE -> Authority.TASK_REVOKE;
            case REPLAY -> Authority.DEADLETTER_REPLAY;
        };
    }

    @GetMapping("/actions")
    @Operation(
            summary = "List actions",
            description =
                    "Newest first, those that ended in the last 30 days included. A caller that is narrowed to queues sees those"
                            + " that it made, and its pages can be short or empty. Continue while there is a cursor.")
    public ActionPage list(
            @Parameter(description = "1 to 200") @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        if (limit < 1 || limit > MAX_ACTIONS) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_ACTIONS);
        }
        var page = actions.list(caller, cursor(cursor), limit);
        return new ActionPage(
                page.actions().stream().map(action -> views.of(action, caller)).toList(),
                page.next() == null ? null : page.next().toString());
    }

    private static @Nullable ActionCursor cursor(@Nullable String text) {
        try {
            return text == null ? null : ActionCursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid("cursor", "must be the cursor of a page before");
        }
    }

    @GetMapping("/actions/{id}")
    @Operation(summary = "Get an action", description = "Its progress, the numbers of outcomes, and who asked for it.")
    @ApiResponse(responseCode = "404", description = "No such action, or no more", content = @Content)
    @ApiResponse(responseCode = "200", description = "The action")
    public ActionView one(@PathVariable String id, Caller caller) {
        return views.of(actions.require(id, caller), caller);
    }

    @GetMapping("/actions/{id}/items")
    @Operation(
            summary = "List the items of an action",
            description =
                    "By their names: ids of tasks, or partition/offset of dead letters. An item without an outcome is being sent; if"
                            + " the action is aborted, it may have been sent or not.")
    @ApiResponse(responseCode = "404", description = "No such action, or no more", content = @Content)
    @ApiResponse(responseCode = "200", description = "A page of items")
    public ItemPage items(
            @PathVariable String id,
            @Parameter(description = "Only these: done, refused or failed") @RequestParam(required = false) @Nullable
                    String outcome,
            @Parameter(description = "1 to 500") @RequestParam(defaultValue = "100") int limit,
            @Parameter(description = "From the page before") @RequestParam(defaultValue = "") String after,
            Caller caller) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        var action = actions.require(id, caller);
        var found = repository.items(action.id(), outcome(outcome), after, limit + 1);
        var items = found.stream().limit(limit).toList();
        return new ItemPage(
                items, found.size() <= limit ? null : items.get(limit - 1).item());
    }

    private static @Nullable ItemOutcome outcome(@Nullable String word) {
        if (word == null) {
            return null;
        }
        for (var outcome : ItemOutcome.values()) {
            if (outcome.word().equals(word)) {
                return outcome;
            }
        }
        throw ProblemException.invalid("outcome", "must be one of done, refused, failed");
    }

    @PostMapping("/actions/{id}/abort")
    @Operation(
            summary = "Abort an action",
            description =
                    "No further page begins. What was sent is not taken back; items that are being sent get their outcome.")
    @ApiResponse(responseCode = "200", description = "The action, which is aborted")
    @ApiResponse(responseCode = "404", description = "No such action, or no more", content = @Content)
    @ApiResponse(
            responseCode = "409",
            description = "It is not running",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = ProblemDetail.class)))
    ActionView abort(@PathVariable String id, Caller caller) {
        var kind = actions.require(id, caller).order().kind();
        caller.require(needed(kind), "the abortion of an action that does " + kind.word());
        return views.of(actions.abort(id, caller), caller);
    }
}
