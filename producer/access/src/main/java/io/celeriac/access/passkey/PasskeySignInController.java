package io.celeriac.access.passkey;

import io.celeriac.access.rule.SignedInName;
import io.celeriac.access.session.UserSessions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Signs people in by passkey. */
@RestController
@RequestMapping(path = "/api/session/passkey", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Access")
class PasskeySignInController {

    private static final String OPTIONS = """
            {"challenge": "8cVdYkkk3oFQVGz4v3XcKZ2gQe6hTn0kZq1m3nXq0uE", "timeout": 300000, "rpId": "celeriac.example.org",\
             "allowCredentials": [], "userVerification": "required", "extensions": {}}""";
    private static final String EXAMPLE = """
            {"credential": {"id": "AbCd", "rawId": "AbCd", "type": "public-key", "response": {"clientDataJSON": "eyJ0...",\
             "authenticatorData": "SZYN...", "signature": "MEUC...", "userHandle": "MGI2..."}, "clientExtensionResults": {}}}""";

    private final PasskeySignIn signIn;
    private final Passkeys passkeys;
    private final RelyingParties parties;
    private final UserSessions sessions;

    PasskeySignInController(PasskeySignIn signIn, Passkeys passkeys, RelyingParties parties, UserSessions sessions) {
        this.signIn = signIn;
        this.passkeys = passkeys;
        this.parties = parties;
        this.sessions = sessions;
    }

    /** @param credential what {@code navigator.credentials.get} gave, by its {@code toJSON()} */
    record SignedChallenge(
            @Schema(implementation = Object.class) @Nullable JsonNode credential) {}

    @PostMapping("/options")
    @Operation(
            summary = "Begin to sign in by passkey",
            description =
                    "Answers with what PublicKeyCredential.parseRequestOptionsFromJSON takes. The challenge is good for five"
                            + " minutes, once.")
    @ApiResponse(
            responseCode = "200",
            description = "Options for navigator.credentials.get",
            content = @Content(schema = @Schema(implementation = Object.class), examples = @ExampleObject(OPTIONS)))
    @ApiResponse(responseCode = "409", description = "Passkeys are off", content = @Content)
    @ApiResponse(responseCode = "429", description = "Too many challenges of the network are open", content = @Content)
    ResponseEntity<JsonNode> options(@Parameter(hidden = true) HttpServletRequest request) {
        var options = passkeys.request(parties.require(request), request.getRemoteAddr());
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(PasskeyJson.tree(options));
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            summary = "Sign in by passkey",
            description = "Takes the signed challenge, and answers with a cookie as a sign-in by password does.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, examples = @ExampleObject(EXAMPLE)))
    @ApiResponse(responseCode = "204", description = "Signed in", content = @Content)
    @ApiResponse(responseCode = "401", description = "The passkey was not accepted", content = @Content)
    @ApiResponse(responseCode = "409", description = "Passkeys are off", content = @Content)
    @ApiResponse(responseCode = "429", description = "Too many failures. Retry-After says when", content = @Content)
    ResponseEntity<Void> signIn(
            @RequestBody SignedChallenge asked, @Parameter(hidden = true) HttpServletRequest request) {
        var party = parties.require(request);
        var signed = PasskeyJson.signed(asked.credential());
        request.setAttribute(SignedInName.ATTRIBUTE, passkeys.claimed(signed));
        sessions.begin(signIn.check(party, signed, request.getRemoteAddr()), request);
        return ResponseEntity.noContent().build();
    }
}
