package io.celeriac.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads the form of an instant that we write ourselves without the general parser, which costs as much as all else of a task. */
final class WireInstant {

    private static final int SECONDS_LENGTH = "2026-01-31T12:00:00".length();
    private static final int NANO_DIGITS = 9;

    private WireInstant() {}

    /**
     * Reads {@code 2026-01-31T12:00:00Z}, with up to nine decimals of a second.
     *
     * @return null for any other form, right or wrong
     */
    static @Nullable Instant parseUtc(String text) {
        var end = text.length() - 1;
        if (end < SECONDS_LENGTH
                || end > SECONDS_LENGTH + 1 + NANO_DIGITS
                || text.charAt(end) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        try {
            return LocalDateTime.of(
                            digits(text, 0, 4),
                            digits(text, 5, 7),
                            digits(text, 8, 10),
                            digits(text, 11, 13),
                            digits(text, 14, 16),
                            digits(text, 17, 19),
                            nanos(text, end))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null; // a digit is none, or there is no such day
        }
    }

    private static int nanos(String text, int end) {
        if (end == SECONDS_LENGTH) {
            return 0;
        }
        if (text.charAt(SECONDS_LENGTH) != '.' || end == SECONDS_LENGTH + 1) {
            throw new DateTimeException(text);
        }
        var nanos = digits(text, SECONDS_LENGTH + 1, end);
        for (int i = end - SECONDS_LENGTH - 1; i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int digits(String text, int from, int to) {
        var number = 0;
        for (int i = from; i < to; i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException(text);
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
