package io.celeriac.web.request;

import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that only a page of another site would send.
 *
 * <ul>
 *   <li>a host name that is not the gateway's: the page had its own name point here (DNS rebinding);
 *   <li>a change whose {@code Origin} is another site;
 *   <li>a body that is not {@code application/json}: a page may send other types without a preflight request.
 * </ul>
 *
 * <p>No CORS header is ever sent, so a browser's preflight request for a JSON body from another site fails.
 */
public final class SameSiteFilter extends OncePerRequestFilter {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final MediaType ANY_JSON = new MediaType("application", "*+json");

    private final Set<String> hosts;
    private final boolean anyHost;

    /**
     * @param hosts allowed names beside those of loopback, without port
     * @param anyHost whether all names are allowed
     */
    public SameSiteFilter(Set<String> hosts, boolean anyHost) {
        this.hosts = hosts;
        this.anyHost = anyHost;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var host = name(request.getHeader(HttpHeaders.HOST));
        if (!anyHost && !LOOPBACK.contains(host) && !hosts.contains(host)) {
            ProblemWriter.write(
                    request,
                    response,
                    HttpStatus.MISDIRECTED_REQUEST,
                    "this gateway is not known as " + host + "; celeriac.web.allowed-hosts names others");
        } else if (!SAFE.contains(request.getMethod()) && isForeign(request)) {
            ProblemWriter.write(request, response, HttpStatus.FORBIDDEN, "requests of other sites are not accepted");
        } else if (!SAFE.contains(request.getMethod()) && hasBody(request) && !isJson(request.getContentType())) {
            ProblemWriter.write(
                    request,
                    response,
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "a body must have the Content-Type application/json");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isForeign(HttpServletRequest request) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
        }
        try {
            var authority = URI.create(origin).getRawAuthority();
            return authority == null
                    || !(authority.equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
                            || origin.equalsIgnoreCase(origin(request)));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** The origin of the request's address, at the trusted proxy if there is one. A page cannot send a proxy's headers. */
    private static String origin(HttpServletRequest request) {
        var port = request.getServerPort();
        var isUsual = port == ("https".equals(request.getScheme()) ? HTTPS : HTTP);
        return request.getScheme() + "://" + request.getServerName() + (isUsual ? "" : ":" + port);
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static boolean isJson(@Nullable String contentType) {
        try {
            var type = contentType == null ? MediaType.ALL : MediaType.parseMediaType(contentType);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                    || (type.isConcrete() && ANY_JSON.includes(type));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    /** The host without its port, in lower case. */
    private static String name(@Nullable String host) {
        if (host == null) {
            return "";
        }
        var colon = host.lastIndexOf(':');
        var name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.toLowerCase(Locale.ROOT);
    }
}
