package io.celeriac.access.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Keeps a session's token against forged requests in the session, as text. Without a session there is nothing to forge, and none
 * is made.
 */
public final class SessionCsrf implements CsrfTokenRepository, RequestMatcher {

    /** The header that a change by a session needs. */
    public static final String HEADER = "X-CSRF-TOKEN";

    /** The cookie of the session that needs it. */
    public static final String COOKIE = "celeriac_session";

    private static final String PARAMETER = "_csrf";
    private static final String ATTRIBUTE = "csrf";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Calls that begin a session. They take JSON only, and the same-site filter checks where they come from. */
    private static final Set<String> BEGINNINGS =
            Set.of("/api/session", "/api/session/passkey", "/api/session/passkey/options", "/api/setup");

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return token(UUID.randomUUID().toString());
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        var session = request.getSession(false);
        if (session == null) {
            return;
        }
        if (token == null) {
            session.removeAttribute(ATTRIBUTE);
        } else {
            session.setAttribute(ATTRIBUTE, token.getToken());
        }
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        var session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof String text ? token(text) : null;
    }

    private static CsrfToken token(String text) {
        return new DefaultCsrfToken(HEADER, PARAMETER, text);
    }

    /** Whether the request needs the token: a change, by a session. */
    @Override
    public boolean matches(HttpServletRequest request) {
        if (SAFE.contains(request.getMethod())) {
            return false;
        }
        var path = request.getRequestURI().substring(request.getContextPath().length());
        var begins = request.getMethod().equals("POST") && BEGINNINGS.contains(path);
        return !begins && request.getSession(false) != null;
    }
}
