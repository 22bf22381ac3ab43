package io.celeriac.access.session;

import io.celeriac.access.rule.CallerAuthentication;
import io.celeriac.access.user.SessionsOfUsers;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
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

    private static final String VERSION = "version";

    private static final String USER = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;
    private static final int LONGEST_BROWSER = 200;

    private final Users users;
    private final InstantSource clock;
    private final Duration lifetime;

    /**
     * @param lifetime after which a session ends in any case
     */
    UserSessions(Users users, InstantSource clock, Duration lifetime) {
        this.users = users;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Begins a session of a user, with a new id; an earlier session of the same browser ends. */
    public void begin(User user, HttpServletRequest request) {
        end(request);
        var session = request.getSession(true);
        session.setAttribute(USER, user.id());
        session.setAttribute(VERSION, Long.toString(user.sessionsVersion()));
        session.setAttribute(ADDRESS, request.getRemoteAddr());
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
        if (!clock.instant().isBefore(until(session))) {
            session.invalidate();
            return Optional.empty();
        }
        return session.getAttribute(USER) instanceof String id
                ? users.ofSession(id).filter(user -> version(session) >= user.sessionsVersion())
                : Optional.empty();
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
        return Instant.ofEpochMilli(session.getCreationTime()).plus(lifetime);
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
