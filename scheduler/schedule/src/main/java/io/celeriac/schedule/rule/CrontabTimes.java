package io.celeriac.schedule.rule;

/**
 * The times of a wall clock that match, in a place where nobody ever moves it. A time is the number of seconds that the clock
 * shows since it showed 1970-01-01 00:00.
 */
record CrontabTimes(CrontabClock clock, CrontabDays days) {

    /** No such time: later than all. */
    static final long NEVER = Long.MAX_VALUE;

    /** No such time: earlier than all. */
    static final long NEVER_BEFORE = Long.MIN_VALUE;

    /** The first that is not before this one; {@link #NEVER} when there is none. */
    long next(long time) {
        var day = day(time);
        var next = days.has(day) ? clock.next(ofDay(time)) : CrontabClock.DAY;
        if (next < CrontabClock.DAY) {
            return day * CrontabClock.DAY + next;
        }
        var later = days.after(day);
        return later == CrontabDays.NEVER ? NEVER : later * CrontabClock.DAY + clock.next(0);
    }

    /** The last that is not after this one; {@link #NEVER_BEFORE} when there is none. */
    long previous(long time) {
        var day = day(time);
        var previous = days.has(day) ? clock.previous(ofDay(time)) : -1;
        if (previous >= 0) {
            return day * CrontabClock.DAY + previous;
        }
        var earlier = days.before(day);
        return earlier == CrontabDays.NEVER_BEFORE
                ? NEVER_BEFORE
                : earlier * CrontabClock.DAY + clock.previous(CrontabClock.DAY - 1);
    }

    /** How many there are from a time on, up to before another. */
    long count(long from, long until) {
        return days.count(day(from), day(until)) * clock.count() + countOfDay(until) - countOfDay(from);
    }

    private long countOfDay(long time) {
        return days.has(day(time)) ? clock.countBefore(ofDay(time)) : 0;
    }

    private static long day(long time) {
        return Math.floorDiv(time, (long) CrontabClock.DAY);
    }

    private static int ofDay(long time) {
        return Math.floorMod(time, CrontabClock.DAY);
    }
}
