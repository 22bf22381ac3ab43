package io.celeriac.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Tells requests of people for pages from calls of programs. */
public final class PageRequests {

    private static final Set<String> LOOKS = Set.of("GET", "HEAD");
    private static final List<String> OF_PROGRAMS = List.of("/api", "/actuator", "/assets");

    private PageRequests() {}

    /** Whether a browser asks for a page: it reads, accepts HTML by name, and the path is not one of calls or files. */
    public static boolean isPage(HttpServletRequest request) {
        var uri = request.getRequestURI();
        return uri != null
                && LOOKS.contains(request.getMethod())
                && acceptsHtml(request.getHeader("Accept"))
                && isOfPages(uri.substring(request.getContextPath().length()));
    }

    /** Whether who sends the request shows HTML, whatever it asks for. */
    public static boolean isOfBrowser(HttpServletRequest request) {
        return acceptsHtml(request.getHeader("Accept"));
    }

    private static boolean acceptsHtml(@Nullable String accept) {
        try {
            return MediaType.parseMediaTypes(accept).stream().anyMatch(MediaType.TEXT_HTML::equalsTypeAndSubtype);
        } catch (InvalidMediaTypeException e) {
            return false; // of no browser
        }
    }

    private static boolean isOfPages(String path) {
        return OF_PROGRAMS.stream().noneMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }
}
