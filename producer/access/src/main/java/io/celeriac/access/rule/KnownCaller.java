package io.celeriac.access.rule;

import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.CallerSource;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** Remembers with a request who sends it, also when another thread answers it. */
public final class KnownCaller implements CallerSource {

    private static final String ATTRIBUTE = KnownCaller.class.getName();

    /** Notes who sends the request. */
    public static void note(HttpServletRequest request, @Nullable Authentication authentication) {
        request.setAttribute(
                ATTRIBUTE, authentication instanceof CallerAuthentication known ? known.caller() : Caller.ANONYMOUS);
    }

    /** Who sends the request; anonymous when nothing has decided that yet. */
    public static Caller ofAny(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : Caller.ANONYMOUS;
    }

    @Override
    public Caller of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("the request has not passed the security filters");
    }

    @Override
    public Caller orAnonymous(HttpServletRequest request) {
        return ofAny(request);
    }
}
