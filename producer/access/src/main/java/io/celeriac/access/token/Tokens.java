package io.celeriac.access.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.access.grant.Grant;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;

/**
 * The tokens of programs. A checked token is trusted for a few seconds without a query; so long may a revoked token work.
 * While the database is away, a program may trust it for longer.
 *
 * <p>A token is found by its SHA-256, so the time of the search tells nothing about its text.
 */
public final class Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int LONGEST_NAME = 100;

    private final TokenRepository repository;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Cache<String, Optional<ApiToken>> checked;
    private final Cache<String, ApiToken> lately;
    private final Cache<String, Instant> used = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(Duration.ofMinutes(2))
            .build();

    /**
     * How long a checked token is trusted.
     *
     * @param recheck without a query
     * @param outage while the database does not answer
     */
    public record Trust(Duration recheck, Duration outage) {}

    /**
     * @param random for the texts of tokens; must be unpredictable
     */
    Tokens(TokenRepository repository, InstantSource clock, RandomGenerator random, Trust trust) {
        this.repository = repository;
        this.clock = clock;
        this.random = random;
        checked = remembering(trust.recheck());
        lately = remembering(trust.outage());
    }

    /** The tokens as a program sees them that only checks them. It needs no tables to start. */
    public static Tokens checkedIn(DataSource database, InstantSource clock, Trust trust) {
        return new Tokens(new TokenRepository(database), clock, new SecureRandom(), trust);
    }

    private static <V> Cache<String, V> remembering(Duration time) {
        return Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(time)
                .build();
    }

    /**
     * A token that was just created.
     *
     * @param text shown this once
     */
    record Created(ApiToken token, String text) {}

    /**
     * The caller of a token's text; empty when the token is not known, was revoked or has expired.
     *
     * @throws DataAccessException when the database is unavailable
     */
    public Optional<Caller> caller(String text) {
        if (!TokenText.isWellFormed(text)) {
            return Optional.empty();
        }
        var hash = TokenText.hash(text);
        var now = clock.instant();
        var found = checked.get(HexFormat.of().formatHex(hash), key -> asked(key, hash))
                .filter(token -> !token.isExpired(now));
        found.ifPresent(token -> noteUse(token, now));
        return found.map(Tokens::caller);
    }

    private Optional<ApiToken> asked(String key, byte[] hash) {
        try {
            var found = repository.byHash(hash);
            found.ifPresentOrElse(token -> lately.put(key, token), () -> lately.invalidate(key));
            return found;
        } catch (DataAccessException e) {
            return Optional.of(Optional.ofNullable(lately.getIfPresent(key)).orElseThrow(() -> e));
        }
    }

    private static Caller caller(ApiToken token) {
        return new Caller(
                token.name(),
                Caller.Kind.TOKEN,
                token.grant().effective(),
                token.grant().queues(),
                token.expiresAt());
    }

    private void noteUse(ApiToken token, Instant now) {
        var minute = now.truncatedTo(ChronoUnit.MINUTES);
        if (minute.equals(token.usedAt()) || minute.equals(used.asMap().put(token.id(), minute))) {
            return;
        }
        try {
            repository.used(token.id(), minute);
        } catch (DataAccessException e) {
            LOG.debug("the use of token {} could not be noted", token.name(), e);
        }
    }

    /**
     * Creates a token.
     *
     * @param outlivesCreator false: it stops when the user who makes it is disabled or deleted
     */
    Created create(String name, Grant grant, @Nullable Instant expiresAt, boolean outlivesCreator, Caller by) {
        var now = clock.instant();
        if (name.isBlank() || name.length() > LONGEST_NAME || !name.equals(name.strip())) {
            throw ProblemException.invalid("name", "must have 1 to " + LONGEST_NAME + " characters");
        }
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw ProblemException.invalid("expiresAt", "must be in the future");
        }
        var text = TokenText.create(random);
        var token = new ApiToken(
                UUID.randomUUID().toString(),
                name,
                grant,
                now.truncatedTo(ChronoUnit.MICROS),
                by.author(),
                expiresAt,
                null,
                outlivesCreator || by.kind() != Caller.Kind.USER); // without a user it has nobody to stop with
        try {
            repository.insert(token, TokenText.hash(text), by.kind() == Caller.Kind.USER ? by.name() : null);
        } catch (DuplicateKeyException e) {
            throw new ProblemException(HttpStatus.CONFLICT, "there is a token of that name");
        }
        return new Created(token, text);
    }

    List<ApiToken> all() {
        return repository.all();
    }

    Optional<ApiToken> find(String name) {
        return repository.byName(name);
    }

    /** Revokes a token: at once on this gateway, within the time of the recheck on others. */
    boolean revoke(String name) {
        var revoked = repository.delete(name);
        checked.invalidateAll();
        lately.invalidateAll();
        return revoked;
    }
}
