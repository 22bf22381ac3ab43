package io.celeriac.access.user;

import io.celeriac.web.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a password must be. */
final class PasswordRules {

    private static final int LEAST_CHARACTERS = 12;
    private static final int MOST_BYTES = 72; // bcrypt ignores the rest

    private PasswordRules() {}

    /**
     * Checks a new password.
     *
     * @param field of the request
     * @throws ProblemException naming the field
     */
    static String check(String field, @Nullable String password, String user) {
        if (password == null || password.codePointCount(0, password.length()) < LEAST_CHARACTERS) {
            throw ProblemException.invalid(field, "must have at least " + LEAST_CHARACTERS + " characters");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw ProblemException.invalid(field, "must have at most " + MOST_BYTES + " bytes");
        }
        if (password.toLowerCase(Locale.ROOT).equals(user.toLowerCase(Locale.ROOT))
                || password.chars().distinct().count() == 1) {
            throw ProblemException.invalid(field, "is too easy to guess");
        }
        return password;
    }
}
