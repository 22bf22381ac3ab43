package io.celeriac.schedule.rule;

import java.time.LocalDate;

/**
 * The days that match: by their date, by their weekday and by their month, all three. Days are counted from 1970-01-01.
 *
 * @param months bits 1 to 12
 */
record CrontabDays(CrontabMonthDays monthDays, CrontabWeekdays weekdays, long months) {

    /** No such day: later than all. */
    static final long NEVER = Long.MAX_VALUE;

    /** No such day: earlier than all. */
    static final long NEVER_BEFORE = Long.MIN_VALUE;

    /** After so many months the calendar repeats itself, weekdays and all. */
    private static final int CYCLE = 400 * 12;

    private static final int THURSDAY = 4;

    static CrontabDays read(String dayOfMonth, String monthOfYear, String dayOfWeek) {
        return new CrontabDays(
                CrontabMonthDays.read(dayOfMonth),
                CrontabWeekdays.read(dayOfWeek),
                CrontabField.MONTH_OF_YEAR.read(monthOfYear));
    }

    /** Whether there is any day at all that matches. */
    boolean any() {
        return after(0) != NEVER;
    }

    /** Whether a day matches. */
    boolean has(long day) {
        var date = LocalDate.ofEpochDay(day);
        return ((in(month(date)) >>> date.getDayOfMonth()) & 1) == 1;
    }

    /** The first after a day that matches; {@link #NEVER} when there is none. */
    long after(long day) {
        var date = LocalDate.ofEpochDay(day);
        var month = month(date);
        var later = in(month) & (-2L << date.getDayOfMonth());
        if (later != 0) {
            return day - date.getDayOfMonth() + Long.numberOfTrailingZeros(later);
        }
        for (var next = month + 1; next <= month + CYCLE; next++) {
            var days = in(next);
            if (days != 0) {
                return first(next) - 1 + Long.numberOfTrailingZeros(days);
            }
        }
        return NEVER;
    }

    /** The last before a day that matches; {@link #NEVER_BEFORE} when there is none. */
    long before(long day) {
        var date = LocalDate.ofEpochDay(day);
        var month = month(date);
        var earlier = in(month) & ((1L << date.getDayOfMonth()) - 1);
        if (earlier != 0) {
            return day - date.getDayOfMonth() + highest(earlier);
        }
        for (var next = month - 1; next >= month - CYCLE; next--) {
            var days = in(next);
            if (days != 0) {
                return first(next) - 1 + highest(days);
            }
        }
        return NEVER_BEFORE;
    }

    /** How many match from a day on, up to before another. */
    long count(long from, long until) {
        var date = LocalDate.ofEpochDay(from);
        var end = LocalDate.ofEpochDay(until);
        var count = -(long) Long.bitCount(in(month(date)) & ((1L << date.getDayOfMonth()) - 1));
        for (var month = month(date); month < month(end); month++) {
            count += Long.bitCount(in(month));
        }
        return count + Long.bitCount(in(month(end)) & ((1L << end.getDayOfMonth()) - 1));
    }

    /** The days of a month that match, as bits 1 to 31. */
    private long in(int month) {
        if (((months >>> (Math.floorMod(month, 12) + 1)) & 1) == 0) {
            return 0;
        }
        var date = LocalDate.of(Math.floorDiv(month, 12), Math.floorMod(month, 12) + 1, 1);
        var length = date.lengthOfMonth();
        var first = Math.floorMod(date.toEpochDay() + THURSDAY, 7);
        return monthDays.in(first, length) & weekdays.in(first, length) & ((2L << length) - 2);
    }

    private static int month(LocalDate date) {
        return date.getYear() * 12 + date.getMonthValue() - 1;
    }

    private static long first(int month) {
        return LocalDate.of(Math.floorDiv(month, 12), Math.floorMod(month, 12) + 1, 1)
                .toEpochDay();
    }

    private static int highest(long bits) {
        return 63 - Long.numberOfLeadingZeros(bits);
    }
}
