package io.celeriac.access.setup;

import io.celeriac.access.user.Users;
import io.celeriac.web.problem.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.ott.GenerateOneTimeTokenRequest;
import org.springframework.security.authentication.ott.OneTimeTokenAuthenticationToken;
import org.springframework.security.authentication.ott.OneTimeTokenService;

/**
 * Lets the first administrator in. While there is no user, each start of a gateway logs a one-time token, or takes a password
 * from a file.
 */
public final class FirstAdministrator {

    private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);

    /** How long a token is good for, so that a log is worth nothing the next day. */
    static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final String SETUP = "first administrator";
    private static final String NAME = "admin";

    private final Users users;
    private final OneTimeTokenService tokens;
    private final @Nullable Path passwordFile;
    private volatile @Nullable String token;

    /**
     * @param passwordFile null for none
     */
    FirstAdministrator(Users users, OneTimeTokenService tokens, @Nullable Path passwordFile) {
        this.users = users;
        this.tokens = tokens;
        this.passwordFile = passwordFile;
    }

    /** To be called once at each start. */
    void prepare(String url) {
        if (!users.areNone()) {
            return;
        }
        if (passwordFile != null) {
            createFromFile(passwordFile);
            return;
        }
        var made = tokens.generate(new GenerateOneTimeTokenRequest(SETUP, LIFETIME))
                .getTokenValue();
        token = made;
        LOG.warn("""
                There is no user yet. Within {} minutes, become the first administrator, in a browser:
                  {}/setup?token={}
                or in a terminal:
                  curl -s {}/api/setup -H 'Content-Type: application/json' \\
                    -d '{"token": "{}", "user": "admin", "password": "<12 characters or more>"}'
                """, LIFETIME.toMinutes(), url, made, url, made);
    }

    private void createFromFile(Path file) {
        try {
            users.createFirst(NAME, password(file));
            LOG.info("created the user {} with the password in {}", NAME, file);
        } catch (ProblemException e) {
            if (e.status() != HttpStatus.CONFLICT) {
                throw e;
            }
            LOG.info("another gateway has created the user {} at this moment", NAME);
        }
    }

    /** The token that the log has; empty when there was a user at the start. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** Uses a token up. True when it was good. */
    boolean consume(String text) {
        var found = tokens.consume(new OneTimeTokenAuthenticationToken(text));
        return found != null && found.getUsername().equals(SETUP);
    }

    private static String password(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "celeriac.access.admin-password-file is " + file + ", which cannot be read", e);
        }
    }
}
