package io.celeriac.access.oidc;

import io.celeriac.access.rule.NextPage;
import io.celeriac.contract.TaskJson;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.web.util.WebUtils;
import tools.jackson.core.JacksonException;

/**
 * A sign-in of which the browser is at the issuer.
 *
 * <p>The browser keeps it in a cookie, so it is good for this browser only, and the gateway holds nothing for people who do not
 * come back. The verifier is no secret from its own browser; the issuer takes a code once.
 */
record PendingSignIn(String state, String nonce, String verifier, String redirect, String then) {

    private static final String COOKIE = "celeriac_oidc";
    private static final String PATH = "/api/session/oidc";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int LONGEST_PAGE = 1_000; // browsers take cookies of 4,096 bytes

    /**
     * Refuses what a browser sends without all parts.
     *
     * @param then the page to go to afterwards; the first page if it is none of this program
     */
    PendingSignIn(
            @Nullable String state,
            @Nullable String nonce,
            @Nullable String verifier,
            @Nullable String redirect,
            @Nullable String then) {
        if (state == null || nonce == null || verifier == null || redirect == null) {
            throw new IllegalArgumentException("a part is missing");
        }
        this.state = state;
        this.nonce = nonce;
        this.verifier = verifier;
        this.redirect = redirect;
        this.then = address(NextPage.of(then));
    }

    /** The page as a header and a cookie can have it; the first page if they cannot. */
    private static String address(String page) {
        try {
            var address = new URI(page).toASCIIString();
            return address.length() > LONGEST_PAGE ? NextPage.FIRST : address;
        } catch (URISyntaxException e) {
            return NextPage.FIRST;
        }
    }

    static PendingSignIn of(OAuth2AuthorizationRequest request, @Nullable String then) {
        return new PendingSignIn(
                String.valueOf(request.getState()),
                String.valueOf(request.<Object>getAttribute(OidcParameterNames.NONCE)),
                String.valueOf(request.<Object>getAttribute(PkceParameterNames.CODE_VERIFIER)),
                String.valueOf(request.getRedirectUri()),
                then);
    }

    /** The cookie that keeps it. */
    String cookie(HttpServletRequest request) {
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(TaskJson.MAPPER.writeValueAsBytes(this));
        return cookie(request, text, PATIENCE);
    }

    /** The cookie that ends it. */
    static String end(HttpServletRequest request) {
        return cookie(request, "", Duration.ZERO);
    }

    private static String cookie(HttpServletRequest request, String text, Duration age) {
        return ResponseCookie.from(COOKIE, text)
                .httpOnly(true)
                .secure(request.isSecure())
                .sameSite("Lax")
                .path(request.getContextPath() + PATH)
                .maxAge(age)
                .build()
                .toString();
    }

    /** The one that the browser of the request keeps. */
    static Optional<PendingSignIn> of(HttpServletRequest request) {
        var cookie = WebUtils.getCookie(request, COOKIE);
        if (cookie == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    TaskJson.MAPPER.readValue(Base64.getUrlDecoder().decode(cookie.getValue()), PendingSignIn.class));
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The request that was sent to the issuer. */
    OAuth2AuthorizationRequest request(ClientRegistration registration) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(
                        String.valueOf(registration.getProviderDetails().getAuthorizationUri()))
                .clientId(registration.getClientId())
                .scopes(registration.getScopes())
                .redirectUri(redirect)
                .state(state)
                .attributes(attributes -> {
                    attributes.put(OAuth2ParameterNames.REGISTRATION_ID, registration.getRegistrationId());
                    attributes.put(OidcParameterNames.NONCE, nonce);
                    attributes.put(PkceParameterNames.CODE_VERIFIER, verifier);
                })
                .build();
    }
}
