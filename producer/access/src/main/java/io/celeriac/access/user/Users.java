package io.celeriac.access.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.access.grant.Grant;
import io.celeriac.access.grant.Role;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.transaction.support.TransactionOperations;

/** The people who may sign in. There is always an enabled user who may administer users, once there is any. */
public final class Users {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}");
    private static final int MOST_REMEMBERED = 10_000;

    private final UserRepository repository;
    private final TransactionOperations transactions;
    private final PasswordEncoder passwords;
    private final SessionsOfUsers sessions;
    private final InstantSource clock;
    private final Cache<String, Optional<User>> known;

    /**
     * @param recheck how long what is known of a user is good for requests
     */
    Users(
            UserRepository repository,
            TransactionOperations transactions,
            PasswordEncoder passwords,
            SessionsOfUsers sessions,
            InstantSource clock,
            Duration recheck) {
        this.repository = repository;
        this.transactions = transactions;
        this.passwords = passwords;
        this.sessions = sessions;
        this.clock = clock;
        known = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(recheck)
                .build();
    }

    /** Whether nobody can sign in yet. */
    public boolean areNone() {
        return repository.isEmpty();
    }

    /** The enabled user of a session, as of a few seconds ago at the most. */
    public Optional<User> ofSession(String id) {
        return known.get(id, repository::byId).filter(User::enabled);
    }

    /** The user with this id, as of now. */
    public Optional<User> current(String id) {
        return repository.byId(id);
    }

    /** The user of exactly this name, as of now; empty too for a text that can be no name. */
    public Optional<User> find(String name) {
        return NAME.matcher(name).matches() ? repository.byName(name) : Optional.empty();
    }

    List<User> all() {
        return repository.all();
    }

    /**
     * Creates the first user, an administrator.
     *
     * @throws ProblemException 409 when there is a user already
     */
    public User createFirst(String name, @Nullable String password) {
        if (!areNone()) {
            throw new ProblemException(HttpStatus.CONFLICT, "there are users already");
        }
        return insert(local(name, password, Grant.ADMIN, null), true);
    }

    User create(String name, @Nullable String password, Grant grant, @Nullable String author) {
        return insert(local(name, password, grant, author), false);
    }

    /**
     * The user of an identity, with the role that the issuer gives now. The first time creates the user. What an administrator
     * granted beside a role stays.
     *
     * @param name for a new user
     * @throws ProblemException 409 when another user has the name, when the first user would be no administrator, or when the
     *     last administrator would lose the role
     */
    public User ofIdentity(OidcIdentity identity, String name, Role role) {
        var found = repository.byIdentity(identity).or(() -> created(identity, name, role));
        var user = found.orElseThrow(() -> new ProblemException(
                HttpStatus.CONFLICT,
                "the name " + name + " belongs to another user, who does not sign in as this person of "
                        + identity.issuer()));
        if (user.grant().role() == role) {
            return user;
        }
        var grant = new Grant(
                role,
                user.grant().authorities(),
                role == Role.ADMIN ? null : user.grant().queues());
        return setGrant(user.name(), grant);
    }

    private Optional<User> created(OidcIdentity identity, String name, Role role) {
        requireName(name);
        var isFirst = areNone();
        if (isFirst && role != Role.ADMIN) {
            throw new ProblemException(
                    HttpStatus.CONFLICT, "there is no administrator yet, and the first user has to be one");
        }
        try {
            return Optional.of(insert(user(name, null, new Grant(role, Set.of(), null), null, identity), isFirst));
        } catch (ProblemException e) { // by the same person at this moment, or the name is taken
            return repository.byIdentity(identity);
        }
    }

    /** Ends the sessions of the user of an identity, if there is one. */
    public void signOut(OidcIdentity identity) {
        repository.byIdentity(identity).ifPresent(this::endSessions);
    }

    /**
     * Checks a name and a password without storing anything.
     *
     * @return the password
     * @throws ProblemException naming the field
     */
    public String requireAcceptable(String name, @Nullable String password) {
        requireName(name);
        return PasswordRules.check("password", password, name);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalid(
                    "name", "must have 1 to 100 letters, digits or ._@+-, and begin with a letter or digit");
        }
    }

    /**
     * Checks a new password of a user without storing it.
     *
     * @param field of the request that has the password
     * @throws ProblemException naming the field
     */
    public void requireAcceptable(User user, String field, @Nullable String password) {
        PasswordRules.check(field, password, user.name());
    }

    private User local(String name, @Nullable String password, Grant grant, @Nullable String author) {
        return user(name, passwords.encode(requireAcceptable(name, password)), grant, author, null);
    }

    private User user(
            String name,
            @Nullable String encoded,
            Grant grant,
            @Nullable String author,
            @Nullable OidcIdentity identity) {
        return new User(
                UUID.randomUUID().toString(),
                name,
                encoded,
                grant,
                true,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                author,
                null,
                identity,
                0);
    }

    private User insert(User user, boolean first) {
        try {
            repository.insert(user, first);
            return user;
        } catch (DuplicateKeyException e) {
            throw new ProblemException(
                    HttpStatus.CONFLICT, first ? "there are users already" : "there is a user of that name");
        }
    }

    /**
     * Notes that a user has signed in. False when the user may not any more, or has another password since it was checked: then
     * no session may begin.
     */
    public boolean signedIn(User user) {
        return repository.signedIn(user, clock.instant());
    }

    /** Whether it is the user's password. */
    public boolean isPassword(User user, String password) {
        return user.password() != null && passwords.matches(password, user.password());
    }

    /**
     * Sets a password, and ends the user's sessions.
     *
     * @param field of the request that has the password
     * @return the user as now, whose sessions may begin
     * @throws ProblemException 409 for a user without passwords, and when the sessions have ended since the user was read
     */
    public User setPassword(User user, String field, @Nullable String password) {
        var identity = user.identity();
        if (identity != null) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    user.name() + " signs in by " + identity.issuer() + " and has no password here");
        }
        var encoded = String.valueOf(passwords.encode(PasswordRules.check(field, password, user.name())));
        if (!repository.setPassword(user, encoded, clock.instant())) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "the account of " + user.name() + " was changed at this moment; nothing was set");
        }
        forget(user);
        return new User(
                user.id(),
                user.name(),
                encoded,
                user.grant(),
                user.enabled(),
                user.createdAt(),
                user.createdBy(),
                user.signedInAt(),
                null,
                user.sessionsVersion() + 1);
    }

    void setPassword(String name, String field, @Nullable String password) {
        setPassword(repository.byName(name).orElseThrow(() -> missing(name)), field, password);
    }

    User setGrant(String name, Grant grant) {
        changed(name, grant.isAdministrator(), user -> repository.setGrant(user.id(), grant), false);
        return repository.byName(name).orElseThrow(() -> missing(name));
    }

    void enable(String name) {
        changed(name, true, user -> repository.enable(user.id()), false);
    }

    void disable(String name) {
        changed(name, false, user -> repository.disable(user.id()), true);
    }

    void delete(String name) {
        changed(name, false, user -> repository.delete(user.id()), true);
    }

    /** Ends all sessions of a user. */
    void signOut(String name) {
        endSessions(repository.byName(name).orElseThrow(() -> missing(name)));
    }

    /** Ends all sessions of a user, also those that begin at this moment. */
    public void endSessions(User user) {
        repository.endSessions(user.id());
        forget(user);
    }

    private void forget(User user) {
        known.invalidate(user.id());
        sessions.endAll(user.id());
    }

    /** Changes a user, unless nobody would be left who may administer users. */
    private void changed(String name, boolean staysAdministrator, Consumer<User> change, boolean endsSessions) {
        var found = transactions.execute(status -> {
            var all = repository.allLocked();
            var user = all.stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> missing(name));
            var othersAreLeft = all.stream()
                    .anyMatch(one -> !one.id().equals(user.id())
                            && one.enabled()
                            && one.grant().isAdministrator());
            if (!staysAdministrator && !othersAreLeft) {
                throw new ProblemException(
                        HttpStatus.CONFLICT, name + " is the last user who may administer users, and must stay so");
            }
            change.accept(user);
            return user;
        });
        if (found != null) {
            known.invalidate(found.id());
            if (endsSessions) {
                sessions.endAll(found.id());
            }
        }
    }

    private static ProblemException missing(String name) {
        return new ProblemException(HttpStatus.NOT_FOUND, "there is no user " + name);
    }
}
