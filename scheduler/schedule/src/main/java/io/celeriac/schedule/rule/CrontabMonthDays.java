package io.celeriac.schedule.rule;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The days of a month that match by their date. Beyond what every field has:
 *
 * <pre>
 * L      the last day of the month
 * L-n    n days before it, n from 1 to 30; none in a month that is too short
 * nW     the weekday, Monday to Friday, that is nearest to day n without leaving the month; none in a month without day n
 * LW     the last weekday of the month
 * ?      every day
 * </pre>
 *
 * @param days bits 1 to 31
 * @param beforeLast bits 0 to 30: so many days before the last
 * @param nearest bits 1 to 31: the weekday that is nearest to this day; bit 0: to the last day
 */
record CrontabMonthDays(long days, long beforeLast, long nearest) {

    private static final CrontabField FIELD = CrontabField.DAY_OF_MONTH;
    private static final Pattern BEFORE_LAST = Pattern.compile("L-[0-9]{1,2}");
    private static final int MOST_BEFORE_LAST = 30;

    static CrontabMonthDays read(String text) {
        var read = new CrontabMonthDays(0, 0, 0);
        for (var piece : CrontabField.pieces(text)) {
            read = read.with(readPiece(piece));
        }
        return read;
    }

    private static CrontabMonthDays readPiece(String piece) {
        var upper = piece.toUpperCase(Locale.ROOT);
        if (upper.equals("?")) {
            return new CrontabMonthDays(FIELD.all(), 0, 0);
        }
        if (upper.equals("L")) {
            return new CrontabMonthDays(0, 1, 0);
        }
        if (BEFORE_LAST.matcher(upper).matches()) {
            return new CrontabMonthDays(0, 1L << before(piece), 0);
        }
        if (upper.endsWith("W")) {
            var day = upper.substring(0, upper.length() - 1);
            return new CrontabMonthDays(0, 0, day.equals("L") ? 1 : 1L << FIELD.number(day));
        }
        return new CrontabMonthDays(FIELD.readPiece(piece), 0, 0);
    }

    private static int before(String piece) {
        var before = Integer.parseInt(piece.substring(2));
        if (before < 1 || before > MOST_BEFORE_LAST) {
            throw FIELD.refused("must have from 1 to " + MOST_BEFORE_LAST + " after L-", piece);
        }
        return before;
    }

    private CrontabMonthDays with(CrontabMonthDays other) {
        return new CrontabMonthDays(days | other.days, beforeLast | other.beforeLast, nearest | other.nearest);
    }

    /** Whether every day matches. */
    boolean all() {
        return days == FIELD.all();
    }

    /**
     * The days of a month that match, as bits 1 to 31, some of which the month may not have.
     *
     * @param first weekday of its first day, Sunday 0
     * @param length how many days it has
     */
    long in(int first, int length) {
        var in = days;
        for (var rest = beforeLast; rest != 0; rest &= rest - 1) {
            var before = Long.numberOfTrailingZeros(rest);
            in |= before < length ? 1L << (length - before) : 0;
        }
        for (var rest = nearest; rest != 0; rest &= rest - 1) {
            var day = Long.numberOfTrailingZeros(rest);
            in |= day <= length ? 1L << nearest(day == 0 ? length : day, first, length) : 0;
        }
        return in;
    }

    private static int nearest(int day, int first, int length) {
        return switch ((first + day - 1) % 7) {
            case 6 -> day == 1 ? 3 : day - 1;
            case 0 -> day == length ? day - 2 : day + 1;
            default -> day;
        };
    }
}
