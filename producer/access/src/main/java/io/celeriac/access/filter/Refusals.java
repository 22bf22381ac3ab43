package io.celeriac.access.filter;

import io.celeriac.access.filter.EndpointAuthorization.Refusal;
import io.celeriac.access.rule.NextPage;
import io.celeriac.web.problem.PageProblem;
import io.celeriac.web.problem.PageRequests;
import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.csrf.CsrfException;

/** Answers refused requests with problems that say what is missing. */
public final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler, AuthenticationFailureHandler {

    private static final String CHALLENGE = "Bearer realm=\"celeriac\"";
    private static final String PAGE = "page";
    private static final String CALL = "call";

    private final boolean hasPages;

    /** For a program without pages. */
    public Refusals() {
        this(false);
    }

    /**
     * @param hasPages true: who asks for a page without a session is sent to the page for signing in
     */
    Refusals(boolean hasPages) {
        this.hasPages = hasPages;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (hasPages && PageRequests.isPage(request)) {
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.sendRedirect(request.getContextPath() + NextPage.signIn(request));
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        ProblemWriter.write(
                request,
                response,
                HttpStatus.UNAUTHORIZED,
                "this call needs credentials: a session, or a token as Authorization: Bearer cel_...");
    }

    /** A token that is not right, or cannot be checked. */
    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e) throws IOException {
        if (e.getCause() instanceof DataAccessException) {
            ProblemWriter.write(
                    request,
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    e.getCause() instanceof BadSqlGrammarException
                            ? "the tables of access control are missing or older than this program; a gateway brings them"
                            : "the database does not answer");
            return;
        }
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
        ProblemWriter.write(
                request, response, HttpStatus.UNAUTHORIZED, "the token is not known, was revoked, or has expired");
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        if (e instanceof CsrfException) {
            ProblemWriter.write(
                    request,
                    response,
                    HttpStatus.FORBIDDEN,
                    "a change by a session needs the header X-CSRF-TOKEN; GET /api/session has its value");
            return;
        }
        var refusal = EndpointAuthorization.reason(request);
        var isHidden = refusal instanceof Refusal.NoSuchEndpoint || refusal instanceof Refusal.NoSuchTask;
        var status = isHidden ? HttpStatus.NOT_FOUND : HttpStatus.FORBIDDEN;
        if (hasPages && PageRequests.isPage(request)) {
            PageProblem.write(request, response, status, detail(refusal, PAGE));
        } else {
            ProblemWriter.write(request, response, status, detail(refusal, CALL));
        }
    }

    /**
     * @param thing that is refused: a page or a call
     */
    private static String detail(Refusal refusal, String thing) {
        if (refusal instanceof Refusal.NoAuthority missing) {
            return detail(missing, thing);
        }
        if (refusal instanceof Refusal.NoSuchTask hidden) {
            return "no task " + hidden.id() + " is known, or not yet";
        }
        if (refusal instanceof Refusal.NoSession) {
            return "only a person with a session may " + (thing.equals(PAGE) ? "open this page" : "call this");
        }
        return refusal instanceof Refusal.NoCredentials ? "this call needs credentials" : PageProblem.NOTHING;
    }

    private static String detail(Refusal.NoAuthority missing, String thing) {
        if (missing.queue() == null) {
            return "this " + thing + " needs " + missing.authority();
        }
        return missing.queue().equals(EndpointAuthorization.EVERY_QUEUE)
                ? "this " + thing + " concerns all queues: it needs " + missing.authority() + " for all of them"
                : missing.authority() + " is not granted for the queue " + missing.queue();
    }
}
