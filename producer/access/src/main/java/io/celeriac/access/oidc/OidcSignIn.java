package io.celeriac.access.oidc;

import io.celeriac.access.rule.SignedInName;
import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.OidcIdentity;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.client.ResourceAccessException;

/** Signs people in by an OpenID Connect issuer: authorization code with PKCE, state and nonce, by Spring Security. */
final class OidcSignIn {

    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,60}");
    private static final int LONGEST_SUBJECT = 255; // by the standard

    private final OidcIssuer issuer;
    private final OidcClaims claims;
    private final Users users;
    private final Throttle throttle;

    OidcSignIn(OidcIssuer issuer, OidcClaims claims, Users users, Throttle throttle) {
        this.issuer = issuer;
        this.claims = claims;
        this.users = users;
        this.throttle = throttle;
    }

    /**
     * A new sign-in.
     *
     * @param address at the issuer, to which the browser goes
     * @param cookie that the browser keeps until it comes back
     */
    record Begun(URI address, String cookie) {}

    /**
     * Begins a sign-in.
     *
     * @param callback address of this gateway to which the issuer sends it back
     * @param then the page to go to afterwards; null for the first page
     * @throws ProblemException 503 when the issuer is away
     */
    Begun begin(HttpServletRequest request, String callback, @Nullable String then) {
        var registration = ClientRegistration.withClientRegistration(
                        issuer.discovered().registration())
                .redirectUri(callback)
                .build();
        var resolver =
                new DefaultOAuth2AuthorizationRequestResolver(new InMemoryClientRegistrationRepository(registration));
        resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        var sent = resolver.resolve(request, OidcIssuer.ID);
        if (sent == null) {
            throw new IllegalStateException("the registration is there");
        }
        return new Begun(
                URI.create(sent.getAuthorizationRequestUri()),
                PendingSignIn.of(sent, then).cookie(request));
    }

    /**
     * The user whom the issuer has sent back.
     *
     * @param code null when the issuer tells an error
     * @throws ProblemException 401 when its answer is not accepted, 403 when the person has no role here, 409 when the name is
     *     taken, 503 when it is away
     */
    User finish(HttpServletRequest request, @Nullable String state, @Nullable String code, @Nullable String error) {
        var pending = PendingSignIn.of(request)
                .filter(one -> one.state().equals(state))
                .orElseThrow(() -> new ProblemException(
                        HttpStatus.UNAUTHORIZED, "this sign-in was not begun in this browser, or it took too long"));
        request.setAttribute(SignedInName.ATTRIBUTE, "");
        var account = "oidc " + pending.state();
        throttle.begin(account, request.getRemoteAddr());
        if (code == null) {
            throw new ProblemException(
                    HttpStatus.UNAUTHORIZED,
                    "the issuer " + issuer.address() + " did not let you in"
                            + (error != null && ERROR.matcher(error).matches() ? ": " + error : ""));
        }
        var person = person(pending, code);
        var subject = person.getSubject();
        if (subject == null || subject.length() > LONGEST_SUBJECT) {
            throw refused("its subject is missing or too long");
        }
        var identity = new OidcIdentity(issuer.address(), subject);
        var name = claims.name(person.getClaims(), subject);
        request.setAttribute(SignedInName.ATTRIBUTE, name);
        var user = user(identity, name, person);
        throttle.succeeded(account, request.getRemoteAddr());
        return user;
    }

    private User user(OidcIdentity identity, String name, OidcUser person) {
        try {
            var role = claims.role(person.getClaims())
                    .orElseThrow(() -> new ProblemException(
                            HttpStatus.FORBIDDEN, "the issuer gives " + name + " no role that is known here"));
            var user = users.ofIdentity(identity, name, role);
            if (!user.enabled() || !users.signedIn(user)) {
                throw refused(name + " is disabled, or was changed at this moment");
            }
            return user;
        } catch (ProblemException e) {
            users.signOut(identity); // somebody who may no longer sign in keeps no earlier session
            throw e;
        }
    }

    private OidcUser person(PendingSignIn pending, String code) {
        var discovered = issuer.discovered();
        var exchange = new OAuth2AuthorizationExchange(
                pending.request(discovered.registration()),
                OAuth2AuthorizationResponse.success(code)
                        .state(pending.state())
                        .redirectUri(pending.redirect())
                        .build());
        try {
            var done = discovered
                    .provider()
                    .authenticate(new OAuth2LoginAuthenticationToken(discovered.registration(), exchange));
            if (done != null && done.getPrincipal() instanceof OidcUser person) {
                return person;
            }
            throw refused("it is no OpenID Connect, as the scope openid is missing");
        } catch (AuthenticationException e) {
            if (isAway(e)) {
                LOG.warn("the OpenID Connect issuer {} does not answer: {}", issuer.address(), e.getMessage());
                throw issuer.away();
            }
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isAway(Throwable e) {
        return Stream.<Throwable>iterate(e, one -> one != null, one -> one.getCause())
                .anyMatch(one -> one instanceof ResourceAccessException || one instanceof IOException);
    }

    /** The answer does not tell why: the log does. */
    private ProblemException refused(String reason) {
        LOG.info("an answer of the OpenID Connect issuer {} was refused: {}", issuer.address(), reason);
        return new ProblemException(
                HttpStatus.UNAUTHORIZED, "the answer of the issuer " + issuer.address() + " was not accepted");
    }
}
