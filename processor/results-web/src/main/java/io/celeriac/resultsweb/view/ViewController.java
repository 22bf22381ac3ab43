package io.celeriac.resultsweb.view;

import io.celeriac.results.view.SavedView;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.results.view.ViewRepository.Outcome;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.parameter.BodyFields;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists, reads, saves and deletes views. */
@RestController
@RequestMapping(path = "/api/views", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Views")
class ViewController {

    private static final String NAME_RULE = "[a-z0-9][a-z0-9._-]{0,79}";
    private static final Pattern NAME = Pattern.compile(NAME_RULE);
    private static final int LONGEST_TITLE = 255;
    private static final int MOST = 500; // of one owner
    private static final String SHARED = "true: the view that all see; otherwise the caller's own";

    private final Views views;
    private final ViewRepository repository;
    private final SearchCheck searches;
    private final ViewCounts counts;
    private final InstantSource clock;

    ViewController(
            Views views, ViewRepository repository, SearchCheck searches, ViewCounts counts, InstantSource clock) {
        this.views = views;
        this.repository = repository;
        this.searches = searches;
        this.counts = counts;
        this.clock = clock;
    }

    /**
     * @param items built in first, then by name
     */
    record ViewList(List<View> items) {}

    /**
     * @param count how many tasks the view finds; null when that is not known
     * @param exact false: there are more, or not all tasks were looked at
     */
    record ViewCount(@Nullable Long count, boolean exact) {}

    @GetMapping
    @Operation(
            summary = "List views",
            description = "Views that are built in, shared views, and the caller's own. Use the q of a view as the q of"
                    + " GET /api/tasks or POST /api/actions. Shared views that search what the caller may not read, or name a"
                    + " queue that it does not see, are left out.")
    ViewList list(Caller caller) {
        return new ViewList(views.all(caller));
    }

    @GetMapping("/{name}")
    @Operation(
            summary = "Get a view",
            description =
                    "Without shared, it is the caller's own view; if there is none, the shared one or the one built in.")
    @ApiResponse(responseCode = "200", description = "The view. Its ETag is for If-Match")
    @ApiResponse(responseCode = "404", description = "No such view", content = @Content)
    ResponseEntity<View> one(
            @PathVariable String name,
            @Parameter(description = SHARED) @RequestParam(required = false) @Nullable Boolean shared,
            Caller caller) {
        return views.find(caller, name, shared)
                .map(view -> answer(HttpStatus.OK, view))
                .orElseThrow(() -> missing(name));
    }

    @GetMapping("/{name}/count")
    @Operation(
            summary = "Count what a view finds",
            description =
                    "Counts up to 1,000 of the tasks that the caller sees; exact is false when there are more, or when the search"
                            + " looked at the newest 20,000 only. The number is at most ten seconds old. It is null when it is not"
                            + " known: the search takes too long, or looks into arguments or errors that the caller may not read.")
    @ApiResponse(
            responseCode = "200",
            description = "The number",
            useReturnTypeSchema = true,
            content = @Content(examples = @ExampleObject("{\"count\":43,\"exact\":true}")))
    @ApiResponse(responseCode = "404", description = "No such view", content = @Content)
    ViewCount count(
            @PathVariable String name,
            @Parameter(description = SHARED) @RequestParam(required = false) @Nullable Boolean shared,
            Caller caller) {
        var view = views.find(caller, name, shared).orElseThrow(() -> missing(name));
        return counts.of(view.q(), caller)
                .map(count -> new ViewCount(count.count(), count.exact()))
                .orElse(new ViewCount(null, false));
    }

    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Save a view",
            description =
                    "Creates or replaces the caller's own view, or the shared one, which needs task:retry for all queues. With If-Match, the call succeeds only if nobody"
                            + " has changed the view since; with If-None-Match: *, only if there is none. Relative times in q stay"
                            + " relative. One owner has at most 500 views.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            examples =
                                    @ExampleObject(
                                            "{\"title\": \"Failed mails of today\", \"q\": \"state:FAILURE queue:mail since:1d\"}")))
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Created")
    @ApiResponse(
            responseCode = "409",
            description = "A view of this name is built in, or there are too many",
            content = @Content)
    @ApiResponse(responseCode = "412", description = "The condition does not hold", content = @Content)
    @ApiResponse(responseCode = "422", description = "q is no search; errors says where", content = @Content)
    ResponseEntity<View> put(
            @PathVariable String name,
            @RequestBody byte[] body,
            @Parameter(description = SHARED) @RequestParam(defaultValue = "false") boolean shared,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            Caller caller) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalid("name", "must match " + NAME_RULE);
        }
        if (View.builtIn(name).isPresent()) {
            throw ProblemException.conflict("the view " + name + " is built in and cannot be changed", List.of());
        }
        requireIfShared(caller, shared);
        var fields = BodyFields.read(body, "title", "q");
        var q = fields.text("q");
        if (q == null) {
            throw ProblemException.invalid("q", "is required");
        }
        searches.check(q);
        var title = fields.text("title") == null ? name : String.valueOf(fields.text("title"));
        if (title.length() > LONGEST_TITLE) {
            throw ProblemException.invalid("title", "must have at most " + LONGEST_TITLE + " characters");
        }
        var view = new SavedView(
                Views.owner(caller, shared),
                name,
                title,
                q,
                0,
                caller.name(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        var condition = ViewConditions.of(kind(shared), ifMatch, ifNoneMatch);
        return switch (repository.put(view, condition, MOST)) {
            case CREATED -> answer(HttpStatus.CREATED, saved(caller, name, shared));
            case CHANGED -> answer(HttpStatus.OK, saved(caller, name, shared));
            case TOO_MANY ->
                throw ProblemException.conflict("there are " + MOST + " views already; delete one first", List.of());
            case REFUSED, MISSING -> throw ifNoneMatch == null ? changed(name) : taken(name);
        };
    }

    @DeleteMapping("/{name}")
    @Operation(summary = "Delete a view", description = "Deletes the caller's own view, or the shared one.")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    @ApiResponse(responseCode = "404", description = "No such view", content = @Content)
    @ApiResponse(responseCode = "409", description = "The view is built in", content = @Content)
    @ApiResponse(responseCode = "412", description = "The condition does not hold", content = @Content)
    ResponseEntity<Void> delete(
            @PathVariable String name,
            @Parameter(description = SHARED) @RequestParam(defaultValue = "false") boolean shared,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            Caller caller) {
        requireIfShared(caller, shared);
        var outcome =
                repository.delete(Views.owner(caller, shared), name, ViewConditions.of(kind(shared), ifMatch, null));
        if (outcome == Outcome.REFUSED) {
            throw changed(name);
        }
        if (outcome == Outcome.MISSING) {
            throw View.builtIn(name).isPresent()
                    ? ProblemException.conflict("the view " + name + " is built in and cannot be deleted", List.of())
                    : missing(name);
        }
        return ResponseEntity.noContent().build();
    }

    /** What a shared view finds is what others retry: only who may do that everywhere changes it. */
    private static void requireIfShared(Caller caller, boolean shared) {
        if (shared && !caller.mayOnAll(Authority.TASK_RETRY)) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "a change of a shared view needs " + Authority.TASK_RETRY + " for all queues");
        }
    }

    private View saved(Caller caller, String name, boolean shared) {
        return views.find(caller, name, shared).orElseThrow(() -> missing(name)); // deleted at this moment
    }

    private static View.Kind kind(boolean shared) {
        return shared ? View.Kind.SHARED : View.Kind.PERSONAL;
    }

    private static ResponseEntity<View> answer(HttpStatus status, View view) {
        return ResponseEntity.status(status).eTag('"' + view.tag() + '"').body(view);
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no view " + name);
    }

    private static ProblemException taken(String name) {
        return new ProblemException(HttpStatus.PRECONDITION_FAILED, "there is a view " + name + " already");
    }

    private static ProblemException changed(String name) {
        return new ProblemException(
                HttpStatus.PRECONDITION_FAILED, "the view " + name + " is not as the condition says; read it again");
    }
}
