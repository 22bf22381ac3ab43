package io.celeriac.contract.json;

import io.celeriac.contract.rule.TaskRules;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads and writes the usual form of an instant. The JDK's general formatter takes as long as the rest of a task. */
public final class WireInstant {

    private static final int SECONDS_LENGTH = "2026-01-31T12:00:00".length();
    private static final int NANO_DIGITS = 9;
    private static final int LONGEST = SECONDS_LENGTH + 1 + NANO_DIGITS + 1;

    private WireInstant() {}

    /**
     * Reads {@code 2026-01-31T12:00:00Z}, with up to nine decimals of a second.
     *
     * @return null for any other form, right or wrong
     */
    public static @Nullable Instant parseUtc(String text) {
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
            return null; // a character is not a digit, or there is no such day
        }
    }

    /** Writes an instant in the form of {@link Instant#toString()}. */
    public static String format(Instant instant) {
        if (!TaskRules.within(instant).equals(instant)) {
            return instant.toString();
        }
        var time = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
        var text = new StringBuilder(LONGEST);
        text.append(time.getYear());
        two(text.append('-'), time.getMonthValue());
        two(text.append('-'), time.getDayOfMonth());
        two(text.append('T'), time.getHour());
        two(text.append(':'), time.getMinute());
        two(text.append(':'), time.getSecond());
        decimals(text, time.getNano());
        return text.append('Z').toString();
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** Appends no, three, six or nine decimals. */
    private static void decimals(StringBuilder text, int nanos) {
        if (nanos == 0) {
            return;
        }
        text.append('.');
        var digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : NANO_DIGITS;
        var divisor = 100_000_000;
        for (int i = 0; i < digits; i++) {
            text.append((char) ('0' + nanos / divisor % 10));
            divisor /= 10;
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
