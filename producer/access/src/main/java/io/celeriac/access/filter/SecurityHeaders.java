package io.celeriac.access.filter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.header.HeaderWriter;

/**
 * The headers that bind browsers: sources of scripts, frames, referrers.
 *
 * <p>The page that describes the API gets styles from its own script, so it has a policy of its own.
 */
final class SecurityHeaders implements HeaderWriter {

    private static final String STRICT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final String OF_THE_API_PAGE =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
    private static final String API_PAGE = "/api/swagger-ui/";

    @Override
    public void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        var isApiPage = EndpointAuthorization.path(request).startsWith(API_PAGE);
        response.setHeader("Content-Security-Policy", isApiPage ? OF_THE_API_PAGE : STRICT);
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    }
}
