package io.celeriac.web.problem;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Why a page is not shown, for the page that says so within the frame of all pages.
 *
 * @param detail a sentence in English
 * @param path that was asked for, as it was sent
 */
public record PageProblem(HttpStatus status, String detail, String path) {

    /** The page of problems. It is only forwarded to. */
    public static final String PAGE = "/error/page";

    /** The detail of an address where nothing is. */
    public static final String NOTHING = "there is nothing here";

    private static final String ATTRIBUTE = PageProblem.class.getName();
    private static final String LATER = ATTRIBUTE + ".later";

    /**
     * Answers a request that has passed the filters: who asks for a page sees the problem as a page, with the navigation and the own
     * name. For other requests, it is {@link ProblemWriter#write}.
     */
    public static void write(HttpServletRequest request, HttpServletResponse response, HttpStatus status, String detail)
            throws IOException {
        if (!PageRequests.isPage(request)) {
            ProblemWriter.write(request, response, status, detail);
            return;
        }
        show(request, response, new PageProblem(status, detail, request.getRequestURI()));
    }

    /** Forwards to the page of problems; writes a plain page when that page has failed already. */
    static void show(HttpServletRequest request, HttpServletResponse response, PageProblem problem) throws IOException {
        var page = request.getRequestDispatcher(PAGE);
        if (page == null || of(request).isPresent()) {
            response.setStatus(problem.status().value());
            ProblemWriter.writePage(request, response, problem.status(), problem.detail());
            return;
        }
        request.setAttribute(ATTRIBUTE, problem);
        try {
            page.forward(request, response);
        } catch (ServletException e) {
            throw new IOException("the page of a problem cannot be shown", e);
        }
    }

    /**
     * The request for a page without its query, which cannot be read. The page answers with the problem when it is known who asks: see
     * {@link #throwLater}.
     */
    public static HttpServletRequest withoutQuery(HttpServletRequest request, String detail) {
        request.setAttribute(LATER, detail);
        return new WithoutQuery(request);
    }

    /** Whether the query of the request was taken away. */
    public static boolean isWithoutQuery(HttpServletRequest request) {
        return request.getAttribute(LATER) != null;
    }

    /**
     * Refuses a request whose query was taken away.
     *
     * @throws ProblemException 400, with the detail
     */
    public static void throwLater(HttpServletRequest request) {
        if (request.getAttribute(LATER) instanceof String detail && of(request).isEmpty()) {
            throw new ProblemException(HttpStatus.BAD_REQUEST, detail);
        }
    }

    private static final class WithoutQuery extends HttpServletRequestWrapper {

        WithoutQuery(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getQueryString() {
            return null;
        }

        @Override
        public @Nullable String getParameter(String name) {
            return null;
        }

        @Override
        public Map<String, String[]> getParameterMap() {
            return Map.of();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return Collections.emptyEnumeration();
        }

        @Override
        public String @Nullable [] getParameterValues(String name) {
            return null;
        }
    }

    /** The problem that the request is answered with; empty when there is none. */
    public static Optional<PageProblem> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof PageProblem problem ? Optional.of(problem) : Optional.empty();
    }
}
