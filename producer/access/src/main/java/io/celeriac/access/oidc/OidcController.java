package io.celeriac.access.oidc;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.rule.NextPage;
import io.celeriac.access.rule.RefusedSignIn;
import io.celeriac.access.session.UserSessions;
import io.celeriac.web.problem.PageRequests;
import io.celeriac.web.problem.ProblemAdvice;
import io.celeriac.web.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Sends browsers to the OpenID Connect issuer, and takes them back. */
@RestController
@RequestMapping("/api/session/oidc")
@Tag(name = "Access")
class OidcController {

    private static final String CALLBACK = "/api/session/oidc/callback";

    private final ObjectProvider<OidcSignIn> signIn;
    private final UserSessions sessions;
    private final @Nullable String url;

    OidcController(ObjectProvider<OidcSignIn> signIn, UserSessions sessions, AccessProperties settings) {
        this.signIn = signIn;
        this.sessions = sessions;
        url = settings.url();
    }

    @GetMapping
    @Operation(
            summary = "Sign in by OpenID Connect",
            description =
                    "For a browser, not for scripts: sends it to the issuer, which sends it back. GET /api/session/ways"
                            + " tells whether there is an issuer.")
    @ApiResponse(responseCode = "302", description = "To the issuer", content = @Content)
    @ApiResponse(responseCode = "409", description = "There is no issuer", content = @Content)
    @ApiResponse(responseCode = "503", description = "The issuer does not answer", content = @Content)
    ResponseEntity<Void> begin(
            @Parameter(
                            description = "The page to go to afterwards: a path of this gateway",
                            example = "/tasks?q=since:1h")
                    @RequestParam(required = false)
                    @Nullable
                    String then,
            @Parameter(hidden = true) HttpServletRequest request) {
        var begun = require().begin(request, base(request) + CALLBACK, then);
        return to(begun.address(), begun.cookie());
    }

    @GetMapping("/callback")
    @Operation(
            summary = "Come back from the issuer",
            description =
                    "The issuer sends browsers here. Signs in with a cookie, and goes on to the page that was asked for. A user is"
                            + " created at the first sign-in; the role is the issuer's at each. A refused browser gets the page for"
                            + " signing in, with the reason.")
    @ApiResponse(responseCode = "302", description = "Signed in", content = @Content)
    @ApiResponse(responseCode = "401", description = "The issuer's answer was not accepted", content = @Content)
    @ApiResponse(responseCode = "403", description = "The issuer gives the person no role", content = @Content)
    @ApiResponse(responseCode = "409", description = "The name belongs to another user", content = @Content)
    @ApiResponse(responseCode = "503", description = "The issuer does not answer", content = @Content)
    ResponseEntity<Void> finish(
            @Parameter(description = "As it was sent to the issuer") @RequestParam(required = false) @Nullable
                    String state,
            @Parameter(description = "Of the issuer, for an id token") @RequestParam(required = false) @Nullable
                    String code,
            @Parameter(description = "Of the issuer, instead of a code") @RequestParam(required = false) @Nullable
                    String error,
            @Parameter(hidden = true) HttpServletRequest request) {
        sessions.begin(require().finish(request, state, code, error), request);
        var then = PendingSignIn.of(request).map(PendingSignIn::then).orElse(NextPage.FIRST);
        return to(URI.create(request.getContextPath() + then), PendingSignIn.end(request));
    }

    /** Shows a browser the page for signing in, at this address and with the status of the refusal. Others get a problem. */
    @ExceptionHandler
    Object refused(ProblemException e, HttpServletRequest request) {
        if (!PageRequests.isOfBrowser(request)) {
            return ProblemAdvice.answer(e);
        }
        request.setAttribute(RefusedSignIn.ATTRIBUTE, e.status().value());
        var then = PendingSignIn.of(request).map(PendingSignIn::then).orElse(NextPage.FIRST);
        return new ModelAndView(
                "forward:" + NextPage.SIGN_IN + "?then=" + UriUtils.encode(then, StandardCharsets.UTF_8), e.status());
    }

    private OidcSignIn require() {
        var found = signIn.getIfAvailable();
        if (found == null) {
            throw new ProblemException(
                    HttpStatus.CONFLICT, "OpenID Connect is off: celeriac.access.oidc.issuer names no issuer");
        }
        return found;
    }

    private static ResponseEntity<Void> to(URI address, String cookie) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .cacheControl(CacheControl.noStore())
                .location(address)
                .header(HttpHeaders.SET_COOKIE, cookie)
                .build();
    }

    /** The address of the gateway, as people reach it. */
    private String base(HttpServletRequest request) {
        return url == null
                ? ServletUriComponentsBuilder.fromContextPath(request).build().toUriString()
                : url;
    }
}
