package io.celeriac.access.session;

import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.User;
import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Checks names and passwords. An unknown user, a disabled one and a wrong password take the same time and have the same answer.
 */
public final class SignIn {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int WAITING_FOR_EACH = 10; // as many as are checked within that time
    private static final int LONGEST_PASSWORD = 1_000;

    private final Users users;
    private final Throttle throttle;
    private final AuthenticationProvider passwords;
    private final Semaphore permits;
    private final int mostWaiting;

    /**
     * @param atOnce passwords that are checked at the same time: each takes a core for a third of a second
     */
    SignIn(Users users, Throttle throttle, PasswordEncoder encoder, int atOnce) {
        this.users = users;
        this.throttle = throttle;
        permits = new Semaphore(atOnce, true);
        mostWaiting = atOnce * WAITING_FOR_EACH;
        var provider = new DaoAuthenticationProvider(this::details);
        provider.setPasswordEncoder(encoder);
        passwords = provider;
    }

    /** A user whose password is checked: the one that is read is the one who signs in. */
    private record Known(User user) implements UserDetails {

        @Override
        public String getUsername() {
            return user.name();
        }

        @Override
        public @Nullable String getPassword() {
            return user.password();
        }

        @Override
        public Collection<? extends GrantedAuthority> getAuthorities() {
            return List.of();
        }
    }

    private UserDetails details(String name) {
        return users.find(name)
                .filter(user -> user.enabled() && user.password() != null)
                .map(Known::new)
                .orElseThrow(() -> UsernameNotFoundException.fromUsername(name));
    }

    /**
     * The user of a name and a password.
     *
     * @param address of the client
     * @throws ProblemException 401 when they are wrong, 429 after too many failures, 503 when too many wait
     * @throws DataAccessException when the database is unavailable
     */
    User check(String name, String password, String address) {
        if (permits.getQueueLength() >= mostWaiting) { // before it counts as a failure
            throw ProblemException.busy("too many people sign in at this moment", PATIENCE);
        }
        throttle.begin(name, address);
        if (name.isEmpty() || password.isEmpty() || password.length() > LONGEST_PASSWORD) {
            throw wrong();
        }
        var user = inTurn(name, password);
        if (!users.signedIn(user)) {
            throw wrong();
        }
        throttle.succeeded(name, address);
        return user;
    }

    private User inTurn(String name, String password) {
        try {
            if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProblemException.busy("too many people sign in at this moment", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.busy("the gateway is about to stop", PATIENCE);
        }
        try {
            var done = passwords.authenticate(UsernamePasswordAuthenticationToken.unauthenticated(name, password));
            if (done != null && done.getPrincipal() instanceof Known known) {
                return known.user();
            }
            throw wrong();
        } catch (InternalAuthenticationServiceException e) {
            throw e.getCause() instanceof DataAccessException away ? away : e;
        } catch (AuthenticationException e) {
            throw wrong();
        } finally {
            permits.release();
        }
    }

    private static ProblemException wrong() {
        return new ProblemException(HttpStatus.UNAUTHORIZED, "the name or the password is wrong");
    }
}
