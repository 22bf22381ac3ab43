package io.celeriac.access.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.access.grant.Grant;
import io.celeriac.access.grant.Role;
import io.celeriac.access.session.UserSessions;
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
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Creates, lists and revokes the tokens of programs. */
@RestController
@RequestMapping(path = "/api/tokens", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
public class TokenController {

    private static final String EXAMPLE =
            "{\"name\": \"shop\", \"authorities\": [\"task:submit\", \"task:read\"], \"queues\": [\"mail\"],"
                    + " \"expiresAt\": \"2027-01-31T00:00:00Z\"}";

    private final Tokens tokens;
    private final UserSessions sessions;

    TokenController(Tokens tokens, UserSessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    /**
     * @param role null for none
     * @param authorities beside those of the role; null for none
     * @param queues null for all
     * @param expiresAt null for never
     * @param outlivesCreator true: it goes on when the user who makes it is disabled or deleted; null for false
     */
    record NewToken(
            @Nullable String name,
            @Nullable Role role,
            @Nullable Set<Authority> authorities,
            @Nullable Set<String> queues,
            @Nullable Instant expiresAt,
            @Nullable Boolean outlivesCreator) {}

    /**
     * @param authorities all of them, also by the role
     * @param queues null for all
     * @param usedAt to the minute; null when it was never used
     * @param outlivesCreator false: it stops when the user who made it is disabled or deleted
     * @param token its text, in the answer to its creation only
     */
    @JsonInclude(Include.NON_NULL)
    public record TokenView(
            String name,
            @Nullable Role role,
            Set<Authority> authorities,
            @Nullable Set<String> queues,
            Instant createdAt,
            @Nullable String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant usedAt,
            boolean outlivesCreator,
            @Nullable String token) {

        static TokenView of(ApiToken token, @Nullable String text) {
            return new TokenView(
                    token.name(),
                    token.grant().role(),
                    token.grant().effective(),
                    token.grant().queues(),
                    token.createdAt(),
                    token.createdBy(),
                    token.expiresAt(),
                    token.usedAt(),
                    token.outlivesCreator(),
                    text);
        }
    }

    /** @param items ordered by name */
    public record TokenList(List<TokenView> items) {}

    @GetMapping
    @Operation(summary = "List tokens", description = "Ordered by name. A token's text is never shown again.")
    public TokenList list() {
        return new TokenList(
                tokens.all().stream().map(token -> TokenView.of(token, null)).toList());
    }

    @GetMapping("/{name}")
    @Operation(summary = "Get a token")
    TokenView one(@PathVariable String name) {
        return tokens.find(name).map(token -> TokenView.of(token, null)).orElseThrow(() -> missing(name));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Create a token",
            description =
                    "The answer has the token's text, this once: Celeriac stores only its SHA-256. A program sends it as"
                            + " Authorization: Bearer cel_... Give it a role (viewer, operator, admin), authorities, or both, and name"
                            + " queues to narrow it. It stops when the user who made it is disabled or deleted, unless outlivesCreator is true."
                            + " A person needs a sign-in within the last ten minutes.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "201", description = "Created")
    @ApiResponse(responseCode = "403", description = "The session is too old: sign in again", content = @Content)
    @ApiResponse(responseCode = "409", description = "There is a token of that name", content = @Content)
    ResponseEntity<TokenView> create(
            @RequestBody NewToken asked, Caller caller, @Parameter(hidden = true) HttpServletRequest request) {
        sessions.requireRecent(request);
        if (asked.name() == null) {
            throw ProblemException.invalid("name", "must be given");
        }
        var grant = Grant.asked(asked.role(), asked.authorities(), asked.queues());
        var created = tokens.create(
                asked.name(), grant, asked.expiresAt(), Boolean.TRUE.equals(asked.outlivesCreator()), caller);
        return ResponseEntity.created(location(created.token().name()))
                .cacheControl(CacheControl.noStore())
                .body(TokenView.of(created.token(), created.text()));
    }

    @DeleteMapping("/{name}")
    @Operation(
            summary = "Revoke a token",
            description = "It stops working at once on this gateway, and within five seconds on the others.")
    @ApiResponse(responseCode = "204", description = "Revoked", content = @Content)
    ResponseEntity<Void> revoke(@PathVariable String name) {
        if (!tokens.revoke(name)) {
            throw missing(name);
        }
        return ResponseEntity.noContent().build();
    }

    private static URI location(String name) {
        return UriComponentsBuilder.fromPath("/api/tokens")
                .pathSegment(name)
                .encode()
                .build()
                .toUri();
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no token " + name);
    }
}
