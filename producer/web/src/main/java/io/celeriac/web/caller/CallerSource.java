package io.celeriac.web.caller;

import jakarta.servlet.http.HttpServletRequest;

/** Tells who sends a request. */
@FunctionalInterface
public interface CallerSource {

    /**
     * @throws IllegalStateException when nothing has decided that yet
     */
    Caller of(HttpServletRequest request);
}
