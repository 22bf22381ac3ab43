package io.celeriac.access.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a token: {@code cel_}, 40 random characters, and 6 characters of CRC32 over all of that.
 *
 * <p>The prefix lets scanners find tokens in code, and the checksum tells them a token from a look-alike. 40 characters of
 * 62 are 238 bits, so that a plain SHA-256 of it is safe to store.
 */
final class TokenText {

    static final String PREFIX = "cel_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM = 40;
    private static final int CHECKSUM = 6;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM + CHECKSUM) + "}");

    private TokenText() {}

    static String create(RandomGenerator random) {
        var text = new StringBuilder(PREFIX);
        for (var index = 0; index < RANDOM; index++) {
            text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return text.append(checksum(text.toString())).toString();
    }

    /** Whether it could be a token: a text that could not is refused without a query. */
    static boolean isWellFormed(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        var end = text.length() - CHECKSUM;
        return text.substring(end).equals(checksum(text.substring(0, end)));
    }

    static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        var value = crc.getValue();
        var digits = new char[CHECKSUM];
        for (var index = CHECKSUM - 1; index >= 0; index--) {
            digits[index] = DIGITS.charAt((int) (value % DIGITS.length()));
            value /= DIGITS.length();
        }
        return String.valueOf(digits);
    }
}
