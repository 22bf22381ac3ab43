package io.celeriac.schedule.rule;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The days of a month that match by their weekday. Sunday is 0, and 7 as well. Beyond what every field has:
 *
 * <pre>
 * friL, 5L       the last Friday of the month
 * mon#2, 1#2     the second Monday of the month, up to the fifth, which some months do not have
 * ?              every day
 * </pre>
 *
 * @param every bits 0 to 6
 * @param last bits 0 to 6: the last of them in a month
 * @param nth bits 0 to 34: weekday + 7 · (n - 1) for the n-th of them in a month
 */
record CrontabWeekdays(long every, long last, long nth) {

    private static final CrontabField FIELD = CrontabField.DAY_OF_WEEK;
    private static final Pattern NTH = Pattern.compile("[1-5]");
    private static final long WEEK = 0x7f;

    static CrontabWeekdays read(String text) {
        var read = new CrontabWeekdays(0, 0, 0);
        for (var piece : CrontabField.pieces(text)) {
            read = read.with(readPiece(piece));
        }
        return read;
    }

    private static CrontabWeekdays readPiece(String piece) {
        if (piece.equals("?")) {
            return new CrontabWeekdays(FIELD.all(), 0, 0);
        }
        if (piece.length() > 1 && piece.toUpperCase(Locale.ROOT).endsWith("L")) {
            return new CrontabWeekdays(0, 1L << weekday(piece.substring(0, piece.length() - 1)), 0);
        }
        var hash = piece.indexOf('#');
        if (hash < 0) {
            return new CrontabWeekdays(FIELD.readPiece(piece), 0, 0);
        }
        var number = piece.substring(hash + 1);
        if (!NTH.matcher(number).matches()) {
            throw FIELD.refused("must have from 1 to 5 after #", piece);
        }
        return new CrontabWeekdays(
                0, 0, 1L << (weekday(piece.substring(0, hash)) + 7 * (Integer.parseInt(number) - 1)));
    }

    private static int weekday(String text) {
        return FIELD.number(text) % 7;
    }

    private CrontabWeekdays with(CrontabWeekdays other) {
        return new CrontabWeekdays(every | other.every, last | other.last, nth | other.nth);
    }

    /** Whether every day matches. */
    boolean all() {
        return every == FIELD.all();
    }

    /**
     * The days of a month that match, as bits 1 to 31, some of which the month may not have.
     *
     * @param first weekday of its first day, Sunday 0
     * @param length how many days it has
     */
    long in(int first, int length) {
        var in = spread(every, first);
        if (last != 0) {
            in |= spread(last, first) & (WEEK << (length - 6));
        }
        for (var week = 0; (nth >>> (7 * week)) != 0; week++) {
            in |= spread((nth >>> (7 * week)) & WEEK, first) & (WEEK << (7 * week + 1));
        }
        return in;
    }

    /** Weekdays as the days of a month that begins with the weekday {@code first}, from bit 1 on. */
    private static long spread(long weekdays, int first) {
        var days = ((weekdays >>> first) | (weekdays << (7 - first))) & WEEK;
        return (days | (days << 7) | (days << 14) | (days << 21) | (days << 28)) << 1;
    }
}
