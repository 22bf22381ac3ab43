package io.celeriac.access.oidc;

import io.celeriac.contract.TaskJson;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;

/**
 * A sign-in of which the browser is at the issuer. It is kept in the browser's session as text, so it is good for this browser,
 * once.
 */
record PendingSignIn(String state, String nonce, String verifier, String redirect) {

    private static final String ATTRIBUTE = "oidc";
    private static final int SECONDS = 600;

    static PendingSignIn of(OAuth2AuthorizationRequest request) {
        return new PendingSignIn(
                String.valueOf(request.getState()),
                String.valueOf(request.<Object>getAttribute(OidcParameterNames.NONCE)),
                String.valueOf(request.<Object>getAttribute(PkceParameterNames.CODE_VERIFIER)),
                String.valueOf(request.getRedirectUri()));
    }

    void keep(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session == null) {
            session = request.getSession(true);
            session.setMaxInactiveInterval(SECONDS);
        }
        session.setAttribute(ATTRIBUTE, TaskJson.MAPPER.writeValueAsString(this));
    }

    /** Takes it out of the browser's session. */
    static Optional<PendingSignIn> take(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session == null || !(session.getAttribute(ATTRIBUTE) instanceof String text)) {
            return Optional.empty();
        }
        session.removeAttribute(ATTRIBUTE);
        return Optional.of(TaskJson.MAPPER.readValue(text, PendingSignIn.class));
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
