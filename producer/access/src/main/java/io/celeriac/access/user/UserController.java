package io.celeriac.access.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.access.grant.Grant;
import io.celeriac.access.grant.Role;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Creates, lists and changes users. */
@RestController
@RequestMapping(path = "/api/users", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
public class UserController {

    private static final String EXAMPLE =
            "{\"name\": \"ada\", \"password\": \"correct horse battery\", \"role\": \"operator\", \"queues\": [\"mail\"]}";
    private static final String GRANT_EXAMPLE = "{\"role\": \"viewer\", \"authorities\": [\"task:payload\"]}";
    private static final String PASSWORD_EXAMPLE = "{\"password\": \"correct horse battery\"}";
    private static final String LAST = "The last enabled user who may administer users must stay so";

    private final Users users;

    UserController(Users users) {
        this.users = users;
    }

    /**
     * @param role null for none
     * @param authorities beside those of the role; null for none
     * @param queues null for all
     */
    record NewUser(
            @Nullable String name,
            @Nullable String password,
            @Nullable Role role,
            @Nullable Set<Authority> authorities,
            @Nullable Set<String> queues) {

        /** Without the password, which has no place in a log. */
        @Override
        public String toString() {
            return "NewUser " + name;
        }
    }

    /** As in {@link NewUser}. */
    record NewGrant(
            @Nullable Role role,
            @Nullable Set<Authority> authorities,
            @Nullable Set<String> queues) {}

    record NewPassword(@Nullable String password) {

        @Override
        public String toString() {
            return "NewPassword";
        }
    }

    /**
     * @param authorities all of them, also by the role
     * @param queues null for all
     * @param signedInAt null when that has not happened yet
     * @param issuer by which the user signs in; null for a user with a password
     */
    @JsonInclude(Include.NON_NULL)
    public record UserView(
            String name,
            @Nullable Role role,
            Set<Authority> authorities,
            @Nullable Set<String> queues,
            boolean enabled,
            Instant createdAt,
            @Nullable String createdBy,
            @Nullable Instant signedInAt,
            @Nullable String issuer) {

        static UserView of(User user) {
            var identity = user.identity();
            return new UserView(
                    user.name(),
                    user.grant().role(),
                    user.grant().effective(),
                    user.grant().queues(),
                    user.enabled(),
                    user.createdAt(),
                    user.createdBy(),
                    user.signedInAt(),
                    identity == null ? null : identity.issuer());
        }
    }

    /** @param items ordered by name */
    public record UserList(List<UserView> items) {}

    @GetMapping
    @Operation(summary = "List users", description = "Ordered by name.")
    public UserList list() {
        return new UserList(users.all().stream().map(UserView::of).toList());
    }

    @GetMapping("/{name}")
    @Operation(summary = "Get a user")
    public UserView one(@PathVariable String name) {
        return users.find(name)
                .map(UserView::of)
                .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "there is no user " + name));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Create a user",
            description =
                    "Give a role (viewer, operator, admin), authorities, or both, and name queues to narrow it. A password has"
                            + " 12 characters or more.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "201", description = "Created")
    @ApiResponse(responseCode = "409", description = "There is a user of that name", content = @Content)
    ResponseEntity<UserView> create(@RequestBody NewUser asked, Caller caller) {
        if (asked.name() == null) {
            throw ProblemException.invalid("name", "must be given");
        }
        var grant = Grant.asked(asked.role(), asked.authorities(), asked.queues());
        var user = users.create(asked.name(), asked.password(), grant, caller.author());
        return ResponseEntity.created(location(user.name())).body(UserView.of(user));
    }

    @PutMapping(path = "/{name}/grant", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Change what a user may do",
            description = "In force at once on this gateway, and within five seconds on the others.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(GRANT_EXAMPLE)))
    @ApiResponse(responseCode = "200", description = "Changed")
    @ApiResponse(responseCode = "409", description = LAST, content = @Content)
    UserView setGrant(@PathVariable String name, @RequestBody NewGrant asked) {
        return UserView.of(users.setGrant(name, Grant.asked(asked.role(), asked.authorities(), asked.queues())));
    }

    @PutMapping(path = "/{name}/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Set a user's password", description = "Ends all sessions of the user.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content =
                    @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(PASSWORD_EXAMPLE)))
    @ApiResponse(responseCode = "204", description = "Set", content = @Content)
    @ApiResponse(responseCode = "409", description = "The user signs in by an issuer", content = @Content)
    ResponseEntity<Void> setPassword(@PathVariable String name, @RequestBody NewPassword asked) {
        users.setPassword(name, "password", asked.password());
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/{name}/enable")
    @Operation(summary = "Enable a user")
    @ApiResponse(responseCode = "204", description = "Enabled", content = @Content)
    ResponseEntity<Void> enable(@PathVariable String name) {
        users.enable(name);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/{name}/disable")
    @Operation(summary = "Disable a user", description = "Ends all sessions of the user, who cannot sign in any more.")
    @ApiResponse(responseCode = "204", description = "Disabled", content = @Content)
    @ApiResponse(responseCode = "409", description = LAST, content = @Content)
    ResponseEntity<Void> disable(@PathVariable String name) {
        users.disable(name);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/{name}/sign-out")
    @Operation(summary = "End all sessions of a user")
    @ApiResponse(responseCode = "204", description = "Ended", content = @Content)
    ResponseEntity<Void> signOut(@PathVariable String name) {
        users.signOut(name);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/{name}")
    @Operation(summary = "Delete a user", description = "Ends all sessions of the user. The audit keeps the name.")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    @ApiResponse(responseCode = "409", description = LAST, content = @Content)
    ResponseEntity<Void> delete(@PathVariable String name) {
        users.delete(name);
        return ResponseEntity.noContent().build();
    }

    private static URI location(String name) {
        return UriComponentsBuilder.fromPath("/api/users")
                .pathSegment(name)
                .encode()
                .build()
                .toUri();
    }
}
