package io.celeriac.web.page;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Tells the token against forged requests that the script of a page has to send. */
@FunctionalInterface
public interface FormToken {

    /** The token of the request's session; null when none is needed. */
    @Nullable
    String of(HttpServletRequest request);
}
