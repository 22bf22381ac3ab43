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
    private static final Set<String> SUBMISSIONS = Set.of("/api/tasks", "/api/tasks/batch");

    /** Looks like a change, and is a question. */
    private static final String PREVIEW = "/api/schedules/preview";

    /** Answered without an end. */
    private static final String STREAM = "/api/tasks/events";

    private static final int CLIENT_ERRORS = 400;
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
        if (SAFE.contains(request.getMethod())) {
            chain.doFilter(request, response);
            look(request, response);
            return;
        }
        if (request.getAttribute(HELD) instanceof HeldAnswer held) { // a later dispatch of the same request
            chain.doFilter(request, response);
            finish(request, held);
            return;
        }
        var held = new HeldAnswer(response);
        request.setAttribute(HELD, held);
        chain.doFilter(request, held);
        finish(request, held);
    }

    private void finish(HttpServletRequest request, HeldAnswer answer) throws IOException {
        if (request.isAsyncStarted()) {
            return;
        }
        var caller = KnownCaller.ofAny(request);
        if (isRecorded(request, caller)) {
            audit.append(entry(request, answer, caller));
        }
        answer.release();
    }

    /** A look is recorded when the answer begins, and holds nothing up. */
    private void look(HttpServletRequest request, HttpServletResponse response) {
        if (request.isAsyncStarted() && !path(request).equals(STREAM)) {
            return; // it is not answered yet
        }
        var caller = KnownCaller.ofAny(request);
        if (caller.kind() == Caller.Kind.USER
                && caller.may(Authority.TASK_PAYLOAD)
                && response.getStatus() < CLIENT_ERRORS
                && endpoint(request).filter(Endpoint::showsPayload).isPresent()
                && looks.asMap().putIfAbsent(caller.name() + " " + target(request), true) == null) {
            audit.append(entry(request, response, caller));
        }
    }

    private boolean isRecorded(HttpServletRequest request, Caller caller) {
        var path = path(request);
        if (path.equals(PREVIEW)) {
            return false;
        }
        if (caller.kind() == Caller.Kind.TOKEN && SUBMISSIONS.contains(path)) {
            return submissions;
        }
        return caller.kind() != Caller.Kind.ANONYMOUS || signedInName(request) != null || isSetup(request);
    }

    private static boolean isSetup(HttpServletRequest request) {
        return path(request).equals("/api/setup");
    }

    private AuditEntry entry(HttpServletRequest request, HttpServletResponse response, Caller caller) {
        var tried = signedInName(request);
        return new AuditEntry(
                clock.instant(),
                caller.kind() == Caller.Kind.ANONYMOUS && tried != null ? tried : caller.name(),
                caller.kind().name().toLowerCase(Locale.ROOT),
                endpoint(request).map(Endpoint::toString).orElse(request.getMethod() + " (no such call)"),
                target(request),
                request.getRemoteAddr(),
                response.getStatus(),
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
        return SAFE.contains(request.getMethod()) && request.getQueryString() != null
                ? path(request) + "?" + request.getQueryString()
                : path(request);
    }
}
