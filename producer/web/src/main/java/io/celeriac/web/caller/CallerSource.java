package io.celeriac.web.caller;

import jakarta.servlet.http.HttpServletRequest;

/** Tells who sends a request. */
@FunctionalInterface
public interface CallerSource {

    /**
     * @throws IllegalStateException when nothing has decided that yet
     */
    Caller of(HttpServletRequest request);

    /** Who sends the request; anonymous when nothing has decided that yet. Only for pages of errors, which anybody may see. */
    default Caller orAnonymous(HttpServletRequest request) {
        return of(request);
    }
}
