package io.celeriac.access.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The caller's own account: its grant, password and sessions. */
@RestController
@RequestMapping(path = "/api/me", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
public class ProfileController {

    private static final String EXAMPLE =
            "{\"current\": \"correct horse battery\", \"new\": \"staple on the other side\"}";

    private final Users users;
    private final UserSessions sessions;
    private final SignIn signIn;
    private final FindByIndexNameSessionRepository<? extends Session> store;

    ProfileController(
            Users users,
            UserSessions sessions,
            SignIn signIn,
            FindByIndexNameSessionRepository<? extends Session> store) {
        this.users = users;
        this.sessions = sessions;
        this.signIn = signIn;
        this.store = store;
    }

    /**
     * @param kind {@code USER} or {@code TOKEN}
     * @param queues null for all
     */
    @JsonInclude(Include.NON_NULL)
    public record Profile(
            String name,
            Caller.Kind kind,
            Set<Authority> authorities,
            @Nullable Set<String> queues,
            @Nullable Instant until) {}

    record PasswordChange(
            @Nullable String current,

            @com.fasterxml.jackson.annotation.JsonProperty("new") @Nullable
            String replacement) {

        /** Without the passwords, which have no place in a log. */
        @Override
        public String toString() {
            return "PasswordChange";
        }
    }

    /**
     * @param id for its end; not the secret of the cookie
     * @param current true for the session of this request
     * @param address from which it was begun
     */
    @JsonInclude(Include.NON_NULL)
    public record SessionEntry(
            String id,
            boolean current,
            Instant createdAt,
            Instant usedAt,
            @Nullable String address,
            @Nullable String browser) {}

    /** @param items the latest one first */
    public record SessionList(List<SessionEntry> items) {}

    @GetMapping
    @Operation(summary = "Get the own account")
    public Profile profile(Caller caller) {
        return new Profile(caller.name(), caller.kind(), caller.authorities(), caller.queues(), caller.until());
    }

    @PutMapping(path = "/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Change the own password",
            description = "Ends all sessions of the user; this browser goes on with a new one.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "204", description = "Changed", content = @Content)
    @ApiResponse(responseCode = "401", description = "The present password is wrong", content = @Content)
    ResponseEntity<Void> change(
            @RequestBody PasswordChange asked, @Parameter(hidden = true) HttpServletRequest request) {
        if (asked.current() == null) {
            throw ProblemException.invalid("current", "must be given");
        }
        var user = signIn.check(user(request).name(), asked.current(), request.getRemoteAddr());
        users.requireAcceptable(user, "new", asked.replacement()); // otherwise, a refusal would end the session
        sessions.end(request);
        sessions.begin(users.setPassword(user, "new", asked.replacement()), request);
        return ResponseEntity.noContent().build();
    }

    @GetMapping("/sessions")
    @Operation(summary = "List the own sessions", description = "The one that was used last comes first.")
    public SessionList list(@Parameter(hidden = true) HttpServletRequest request) {
        var current = request.getSession().getId();
        return new SessionList(store.findByPrincipalName(user(request).id()).values().stream()
                .map(session -> entry(session, current))
                .sorted(Comparator.comparing(SessionEntry::usedAt).reversed())
                .toList());
    }

    @DeleteMapping("/sessions")
    @Operation(summary = "Sign out everywhere", description = "Ends all sessions of the user, also this one.")
    @ApiResponse(responseCode = "204", description = "Signed out", content = @Content)
    ResponseEntity<Void> endAll(@Parameter(hidden = true) HttpServletRequest request) {
        var user = user(request);
        sessions.end(request);
        users.endSessions(user);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping("/sessions/{id}")
    @Operation(summary = "End one of the own sessions")
    @ApiResponse(responseCode = "204", description = "Ended", content = @Content)
    ResponseEntity<Void> end(@PathVariable String id, @Parameter(hidden = true) HttpServletRequest request) {
        var found = store.findByPrincipalName(user(request).id()).keySet().stream()
                .filter(session -> shown(session).equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(HttpStatus.NOT_FOUND, "there is no session " + id));
        store.deleteById(found);
        return ResponseEntity.noContent().build();
    }

    private User user(HttpServletRequest request) {
        return sessions.user(request)
                .orElseThrow(() -> new ProblemException(HttpStatus.UNAUTHORIZED, "the session has ended"));
    }

    private static SessionEntry entry(Session session, String current) {
        return new SessionEntry(
                shown(session.getId()),
                session.getId().equals(current),
                session.getCreationTime(),
                session.getLastAccessedTime(),
                session.getAttribute(UserSessions.ADDRESS),
                session.getAttribute(UserSessions.BROWSER));
    }

    /** A digest of the id, which is the secret of the cookie. */
    private static String shown(String id) {
        return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.US_ASCII)).toString();
    }
}
