package io.celeriac.access.session;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.rule.CallerAuthentication;
import io.celeriac.access.rule.KnownCaller;
import io.celeriac.access.user.SessionsOfUsers;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpRequestResponseHolder;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.session.FindByIndexNameSessionRepository;

/**
 * Connects sessions to their users. A session has the id of its user and no authorities, so what a user may do changes at once
 * and for all sessions.
 */
public final class UserSessions implements SecurityContextRepository {

    static final String ADDRESS = "address";
    static final String BROWSER = "browser";

    /** The header of requests that a page sends by its own clock. */
    static final String LIVE = "X-Celeriac-Live";

    private static final String VERSION = "version";
    private static final String USED = "used";
    private static final String STREAM = "/api/tasks/events";
    private static final int NOTES_WITHIN_IDLE = 20;

    private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
    private static final int LONGEST_BROWSER = 200;

    private final Users users;
    private final InstantSource clock;
    private final AccessProperties settings;

    UserSessions(Users users, InstantSource clock, AccessProperties settings) {
        this.users = users;
        this.clock = clock;
        this.settings = settings;
    }

    /** Begins a session of a user, with a new id; an earlier session of the same browser ends. */
    public void begin(User user, HttpServletRequest request) {
        end(request);
        var session = request.getSession(true);
        session.setAttribute(USER, user.id());
        session.setAttribute(VERSION, Long.toString(user.sessionsVersion()));
        session.setAttribute(ADDRESS, request.getRemoteAddr());
        noteUse(session, clock.instant());
        var browser = request.getHeader("User-Agent");
        if (browser != null) {
            session.setAttribute(BROWSER, browser.substring(0, Math.min(LONGEST_BROWSER, browser.length())));
        }
    }

    /** Ends the session of the request, if it has one. */
    void end(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    /** The user of the request's session; empty when it has none, or it has ended. */
    public Optional<User> user(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session == null) {
            return Optional.empty();
        }
        var now = clock.instant();
        if (!now.isBefore(until(session)) || isLeft(session, now)) {
            session.invalidate();
            return Optional.empty();
        }
        if (!isLive(request)) {
            noteUse(session, now);
        }
        return session.getAttribute(USER) instanceof String id
                ? users.ofSession(id).filter(user -> version(session) >= user.sessionsVersion())
                : Optional.empty();
    }

    /**
     * Refuses a person who signed in too long ago. Others pass: a token is as good as it is.
     *
     * @throws ProblemException 403 naming the session
     */
    public void requireRecent(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session == null || KnownCaller.ofAny(request).kind() != Caller.Kind.USER) {
            return;
        }
        var recent = settings.recentSignIn();
        if (!clock.instant()
                .isBefore(Instant.ofEpochMilli(session.getCreationTime()).plus(recent))) {
            throw ProblemException.forbidden(
                    "session", "must have begun within the last " + recent.toMinutes() + " minutes: sign in again");
        }
    }

    /** A page that is open sends requests for as long as it is. They do not show that somebody sits before it. */
    private static boolean isLive(HttpServletRequest request) {
        return request.getHeader(LIVE) != null || request.getRequestURI().equals(request.getContextPath() + STREAM);
    }

    /** Whether nobody has used the session for too long, while its pages went on. */
    private boolean isLeft(HttpSession session, Instant now) {
        var used = used(session);
        return used != null && !now.isBefore(used.plus(settings.sessionIdle()).plus(step()));
    }

    /** Notes a use, but not each: a note is a write to the store. */
    private void noteUse(HttpSession session, Instant now) {
        var used = used(session);
        if (used == null || !now.isBefore(used.plus(step()))) {
            session.setAttribute(USED, Long.toString(now.toEpochMilli()));
        }
    }

    private Duration step() {
        return settings.sessionIdle().dividedBy(NOTES_WITHIN_IDLE);
    }

    /** Null for a session that another version began. */
    private static @Nullable Instant used(HttpSession session) {
        return session.getAttribute(USED) instanceof String millis
                ? Instant.ofEpochMilli(Long.parseLong(millis))
                : null;
    }

    /**
     * Of a session that begins while all sessions of its user end: it is not in the store yet and so not deleted, but its
     * version is an older one.
     */
    private static long version(HttpSession session) {
        return session.getAttribute(VERSION) instanceof String text ? Long.parseLong(text) : 0;
    }

    /** When the session ends in any case. */
    Instant until(HttpSession session) {
        return Instant.ofEpochMilli(session.getCreationTime()).plus(settings.sessionLifetime());
    }

    private SecurityContext context(HttpServletRequest request) {
        return user(request)
                .<SecurityContext>map(user ->
                        new SecurityContextImpl(new CallerAuthentication(user.caller(until(request.getSession())))))
                .orElseGet(SecurityContextImpl::new);
    }

    @Override
    public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
        return new DeferredSecurityContext() {
            private @Nullable SecurityContext loaded;

            @Override
            public SecurityContext get() {
                var once = loaded;
                if (once == null) {
                    once = context(request);
                    loaded = once;
                }
                return once;
            }

            @Override
            public boolean isGenerated() {
                return get().getAuthentication() == null;
            }
        };
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still has it
    public SecurityContext loadContext(HttpRequestResponseHolder holder) {
        return context(holder.getRequest());
    }

    /** Does nothing: only {@link #begin} makes a session. */
    @Override
    public void saveContext(SecurityContext context, HttpServletRequest request, HttpServletResponse response) {
        // a session has the id of its user, and nothing that changes
    }

    @Override
    public boolean containsContext(HttpServletRequest request) {
        return user(request).isPresent();
    }

    /** Ends the sessions of users in a store. */
    record Ending(FindByIndexNameSessionRepository<?> store) implements SessionsOfUsers {

        @Override
        public void endAll(String userId) {
            store.findByPrincipalName(userId).keySet().forEach(store::deleteById);
        }
    }
}
