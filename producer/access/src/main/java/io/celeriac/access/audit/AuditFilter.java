package io.celeriac.access.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.access.rule.Endpoint;
import io.celeriac.access.rule.Endpoints;
import io.celeriac.access.rule.KnownCaller;
import io.celeriac.access.rule.SignedInName;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Records each change, and each payload that a person looks at. A change is answered after its row is stored.
 *
 * <p>A person who looks at the same page again within ten minutes is recorded once.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> SUBMISSIONS = Set.of(
            "POST /api/tasks",
            "POST /api/tasks/batch",
            "POST /api/workflows",
            "POST /api/workflows/{id}/append",
            "POST /api/workflows/{id}/complete");

    /** Looks like a change, and is a question. */
    private static final String PREVIEW = "POST /api/schedules/preview";

    /** Answered without an end. */
    private static final String STREAM = "GET /api/tasks/events";

    /** Looks like a look, and signs in. Its query has what only the issuer and the gateway may know. */
    private static final String OIDC = "GET /api/session/oidc/callback";

    private static final String SETUP = "POST /api/setup";

    private static final int CLIENT_ERRORS = 400;
    private static final int FAILED = 500;
    private static final Duration SAME_LOOK = Duration.ofMinutes(10);
    private static final int MOST_LOOKS = 10_000;
    private static final String HELD = HeldAnswer.class.getName();

    private final AuditLog audit;
    private final InstantSource clock;
    private final boolean submissions;
    private final Cache<String, Boolean> looks = Caffeine.newBuilder()
            .maximumSize(MOST_LOOKS)
            .expireAfterWrite(SAME_LOOK)
            .build();

    /**
     * @param submissions whether submissions by tokens are recorded
     */
    AuditFilter(AuditLog audit, InstantSource clock, boolean submissions) {
        this.audit = audit;
        this.clock = clock;
        this.submissions = submissions;
    }

    /** Also when another thread goes on with the answer. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isLook(request)) {
            var isDone = false;
            try {
                chain.doFilter(request, response);
                isDone = true;
            } finally {
                look(request, response, isDone);
            }
            return;
        }
        if (request.getAttribute(HELD) instanceof HeldAnswer held) { // a later dispatch of the same request
            change(request, response, held, chain);
            return;
        }
        var held = new HeldAnswer(response);
        request.setAttribute(HELD, held);
        change(request, held, held, chain);
    }

    private void change(HttpServletRequest request, HttpServletResponse response, HeldAnswer held, FilterChain chain)
            throws ServletException, IOException {
        var isDone = false;
        try {
            chain.doFilter(request, response);
            isDone = true;
        } finally {
            finish(request, held, isDone);
        }
    }

    /**
     * @param isDone false after an exception, which the container answers
     */
    private void finish(HttpServletRequest request, HeldAnswer answer, boolean isDone) throws IOException {
        if (request.isAsyncStarted()) {
            return;
        }
        var caller = KnownCaller.ofAny(request);
        if (isRecorded(request, caller)) {
            audit.append(entry(request, answer, caller, isDone || answer.isCommitted() ? answer.getStatus() : FAILED));
        }
        if (isDone) {
            answer.release();
        }
    }

    /** A look is recorded when the answer begins, and holds nothing up. */
    private void look(HttpServletRequest request, HttpServletResponse response, boolean isDone) {
        if (request.isAsyncStarted() && !row(request).equals(STREAM)) {
            return; // it is not answered yet
        }
        if (!isDone && !response.isCommitted()) {
            return; // the answer will be an error
        }
        var caller = KnownCaller.ofAny(request);
        if (caller.kind() == Caller.Kind.USER
                && caller.may(Authority.TASK_PAYLOAD)
                && response.getStatus() < CLIENT_ERRORS
                && endpoint(request).filter(Endpoint::showsPayload).isPresent()
                && looks.asMap().putIfAbsent(caller.name() + " " + target(request), true) == null) {
            audit.append(entry(request, response, caller, response.getStatus()));
        }
    }

    private static boolean isLook(HttpServletRequest request) {
        return SAFE.contains(request.getMethod()) && !row(request).equals(OIDC);
    }

    private boolean isRecorded(HttpServletRequest request, Caller caller) {
        var row = row(request);
        if (row.equals(PREVIEW)) {
            return false;
        }
        if (caller.kind() == Caller.Kind.TOKEN && SUBMISSIONS.contains(row)) {
            return submissions;
        }
        return caller.kind() != Caller.Kind.ANONYMOUS || signedInName(request) != null || row.equals(SETUP);
    }

    /** By the row and not by the path, which can be written in many ways. */
    private static String row(HttpServletRequest request) {
        return endpoint(request).map(Endpoint::toString).orElse(request.getMethod() + " (no such call)");
    }

    private AuditEntry entry(HttpServletRequest request, HttpServletResponse response, Caller caller, int status) {
        var tried = signedInName(request);
        return new AuditEntry(
                clock.instant(),
                caller.kind() == Caller.Kind.ANONYMOUS && tried != null ? tried : caller.name(),
                caller.kind().name().toLowerCase(Locale.ROOT),
                row(request),
                target(request),
                request.getRemoteAddr(),
                status,
                Optional.ofNullable(response.getHeader(HttpHeaders.LOCATION)).orElse(""));
    }

    /** The name that somebody tried to sign in with; null for another call. */
    private static @Nullable String signedInName(HttpServletRequest request) {
        return request.getAttribute(SignedInName.ATTRIBUTE) instanceof String name ? name : null;
    }

    private static Optional<Endpoint> endpoint(HttpServletRequest request) {
        return Endpoints.find(request.getMethod(), path(request));
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    /** With the query of a search, which says what somebody looked for. */
    private static String target(HttpServletRequest request) {
        return isLook(request) && request.getQueryString() != null
                ? path(request) + "?" + request.getQueryString()
                : path(request);
    }
}
