package io.celeriac.access.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.access.rule.SignedInName;
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
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Signs people in and out, and tells any caller what it may do. */
@RestController
@RequestMapping(path = "/api/session", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
class SessionController {

    private static final String EXAMPLE = "{\"user\": \"ada\", \"password\": \"correct horse battery\"}";

    private final SignIn signIn;
    private final UserSessions sessions;
    private final Users users;

    SessionController(SignIn signIn, UserSessions sessions, Users users) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.users = users;
    }

    record Credentials(@Nullable String user, @Nullable String password) {

        /** Without the password, which has no place in a log. */
        @Override
        public String toString() {
            return "Credentials of " + user;
        }
    }

    /**
     * Who sends the request.
     *
     * @param access {@code required}
     * @param kind {@code anonymous}, {@code user} or {@code token}
     * @param needsSetup true while there is no user; null otherwise
     * @param user name of the user or token; null for nobody
     * @param queues the only queues that it sees; null for all
     * @param until when the session or the token expires
     * @param csrf what a change by this session needs; null without a session
     */
    @JsonInclude(Include.NON_NULL)
    record SessionView(
            String access,
            String kind,
            @Nullable Boolean needsSetup,
            @Nullable String user,
            Set<Authority> authorities,
            @Nullable Set<String> queues,
            @Nullable Instant until,
            @Nullable Csrf csrf) {}

    /** A header, and its value. */
    record Csrf(String header, String token) {}

    @GetMapping
    @Operation(
            summary = "Who am I",
            description =
                    "The caller's name, authorities and queues, with or without credentials. For a session also the header that"
                            + " changes need. access is open where access control is off.")
    ResponseEntity<SessionView> session(Caller caller, @Parameter(hidden = true) HttpServletRequest request) {
        var anonymous = caller.kind() == Caller.Kind.ANONYMOUS;
        var view = new SessionView(
                "required",
                caller.kind().name().toLowerCase(Locale.ROOT),
                (anonymous && users.areNone()) ? true : null,
                caller.author(),
                caller.authorities(),
                caller.queues(),
                caller.until(),
                caller.kind() == Caller.Kind.USER ? csrf(request) : null);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view);
    }

    private static @Nullable Csrf csrf(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token
                ? new Csrf(token.getHeaderName(), token.getToken())
                : null;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Sign in",
            description =
                    "Answers with a cookie. After five failures for one name, each further attempt has to wait, up to five"
                            + " minutes; so it is for a network after thirty failures.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "204", description = "Signed in", content = @Content)
    @ApiResponse(responseCode = "401", description = "The name or the password is wrong", content = @Content)
    @ApiResponse(responseCode = "429", description = "Too many failures. Retry-After says when", content = @Content)
    ResponseEntity<Void> signIn(@RequestBody Credentials asked, @Parameter(hidden = true) HttpServletRequest request) {
        if (asked.user() == null || asked.password() == null) {
            throw ProblemException.invalid(asked.user() == null ? "user" : "password", "must be given");
        }
        request.setAttribute(SignedInName.ATTRIBUTE, asked.user());
        sessions.begin(signIn.check(asked.user(), asked.password(), request.getRemoteAddr()), request);
        return ResponseEntity.noContent().build();
    }

    @DeleteMapping
    @Operation(summary = "Sign out")
    @ApiResponse(responseCode = "204", description = "Signed out", content = @Content)
    ResponseEntity<Void> signOut(@Parameter(hidden = true) HttpServletRequest request) {
        sessions.end(request);
        return ResponseEntity.noContent().build();
    }
}
