package io.celeriac.access.passkey;

import io.celeriac.access.session.UserSessions;
import io.celeriac.access.user.User;
import io.celeriac.contract.rule.WireText;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
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
import tools.jackson.databind.JsonNode;

/** The caller's own passkeys. */
@RestController
@RequestMapping(path = "/api/me/passkeys", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
class PasskeyController {

    private static final String OPTIONS = """
            {"rp": {"name": "Celeriac", "id": "celeriac.example.org"}, "user": {"name": "ada", "id": "MGI2...",\
             "displayName": "ada"}, "challenge": "8cVdYkkk3oFQVGz4v3XcKZ2gQe6hTn0kZq1m3nXq0uE", "pubKeyCredParams":\
             [{"type": "public-key", "alg": -8}, {"type": "public-key", "alg": -7}], "timeout": 300000,\
             "excludeCredentials": [], "authenticatorSelection": {"residentKey": "required", "userVerification":\
             "required"}, "attestation": "none", "extensions": {"credProps": true}}""";
    private static final String EXAMPLE = """
            {"name": "laptop", "credential": {"id": "AbCd", "rawId": "AbCd", "type": "public-key", "response":\
             {"clientDataJSON": "eyJ0...", "attestationObject": "o2Nm...", "transports": ["internal"]},\
             "clientExtensionResults": {}}}""";
    private static final String NAME_EXAMPLE = "{\"name\": \"laptop\"}";
    private static final int LONGEST_NAME = 100;

    private final Passkeys passkeys;
    private final RelyingParties parties;
    private final UserSessions sessions;

    PasskeyController(Passkeys passkeys, RelyingParties parties, UserSessions sessions) {
        this.passkeys = passkeys;
        this.parties = parties;
        this.sessions = sessions;
    }

    /**
     * @param name for its user
     * @param credential what {@code navigator.credentials.create} gave, by its {@code toJSON()}
     */
    record NewPasskey(
            @Nullable String name,

            @Schema(implementation = Object.class) @Nullable JsonNode credential) {}

    record NewName(@Nullable String name) {}

    @GetMapping
    @Operation(summary = "List the own passkeys", description = "The oldest one comes first.")
    PasskeyList list(@Parameter(hidden = true) HttpServletRequest request) {
        return PasskeyList.of(passkeys.of(user(request)));
    }

    @PostMapping("/options")
    @Operation(
            summary = "Begin to make a passkey",
            description =
                    "Answers with what PublicKeyCredential.parseCreationOptionsFromJSON takes. The challenge is good for five"
                            + " minutes, once, for this user. Needs a sign-in within the last ten minutes.")
    @ApiResponse(
            responseCode = "200",
            description = "Options for navigator.credentials.create",
            content = @Content(schema = @Schema(implementation = Object.class), examples = @ExampleObject(OPTIONS)))
    @ApiResponse(responseCode = "403", description = "The session is too old: sign in again", content = @Content)
    @ApiResponse(responseCode = "409", description = "Passkeys are off", content = @Content)
    ResponseEntity<JsonNode> options(@Parameter(hidden = true) HttpServletRequest request) {
        sessions.requireRecent(request);
        var options = passkeys.creation(parties.require(request), user(request), request.getRemoteAddr());
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(PasskeyJson.tree(options));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Register a passkey",
            description =
                    "Its authenticator has to verify the person, by PIN or finger. A user has at most 20 passkeys.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "201", description = "Registered")
    @ApiResponse(responseCode = "403", description = "The session is too old: sign in again", content = @Content)
    @ApiResponse(
            responseCode = "409",
            description = "Passkeys are off, it is registered already, or there is no room for it",
            content = @Content)
    @ApiResponse(
            responseCode = "422",
            description = "It does not answer a challenge of this user, or was made at another address",
            content = @Content)
    ResponseEntity<PasskeyList.Entry> register(
            @RequestBody NewPasskey asked, @Parameter(hidden = true) HttpServletRequest request) {
        sessions.requireRecent(request);
        var party = parties.require(request);
        var name = name(asked.name());
        var made = passkeys.register(party, user(request), name, PasskeyJson.created(asked.credential()));
        return ResponseEntity.created(URI.create("/api/me/passkeys/" + made.id()))
                .body(PasskeyList.Entry.of(made));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "Rename a passkey")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(NAME_EXAMPLE)))
    @ApiResponse(responseCode = "200", description = "Renamed")
    @ApiResponse(responseCode = "404", description = "The user has no such passkey", content = @Content)
    PasskeyList.Entry rename(
            @PathVariable String id, @RequestBody NewName asked, @Parameter(hidden = true) HttpServletRequest request) {
        return PasskeyList.Entry.of(passkeys.rename(user(request), id, name(asked.name())));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Delete a passkey", description = "It cannot sign in any more. Sessions go on.")
    @ApiResponse(responseCode = "204", description = "Deleted", content = @Content)
    @ApiResponse(responseCode = "404", description = "The user has no such passkey", content = @Content)
    @ApiResponse(responseCode = "409", description = "It is the user's only way to sign in", content = @Content)
    ResponseEntity<Void> delete(@PathVariable String id, @Parameter(hidden = true) HttpServletRequest request) {
        passkeys.delete(user(request), id);
        return ResponseEntity.noContent().build();
    }

    private static String name(@Nullable String name) {
        if (name == null
                || name.isBlank()
                || name.codePointCount(0, name.length()) > LONGEST_NAME
                || !WireText.isWellFormed(name)) {
            throw ProblemException.invalid("name", "must have 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }

    private User user(HttpServletRequest request) {
        return sessions.user(request)
                .orElseThrow(() -> new ProblemException(HttpStatus.UNAUTHORIZED, "the session has ended"));
    }
}
