package io.celeriac.schedule.rule;

/**
 * The times of a day that match, in seconds from midnight by the wall clock. There is always one.
 *
 * @param seconds bits 0 to 59
 * @param minutes bits 0 to 59
 * @param hours bits 0 to 23
 */
record CrontabClock(long seconds, long minutes, long hours) {

    static final int DAY = 86_400;

    static CrontabClock read(String second, String minute, String hour) {
        return new CrontabClock(
                CrontabField.SECOND.read(second), CrontabField.MINUTE.read(minute), CrontabField.HOUR.read(hour));
    }

    /** The first that matches and is not before this one; {@link #DAY} when there is none. */
    int next(int time) {
        var hour = time / 3_600;
        var minute = time / 60 % 60;
        if (has(hours, hour)) {
            if (has(minutes, minute)) {
                var second = lowest(seconds, time % 60);
                if (second < 64) {
                    return time - time % 60 + second;
                }
            }
            var later = lowest(minutes, minute + 1);
            if (later < 64) {
                return at(hour, later, lowest(seconds, 0));
            }
        }
        var later = lowest(hours, hour + 1);
        return later == 64 ? DAY : at(later, lowest(minutes, 0), lowest(seconds, 0));
    }

    /** The last that matches and is not after this one; -1 when there is none. */
    int previous(int time) {
        var hour = time / 3_600;
        var minute = time / 60 % 60;
        if (has(hours, hour)) {
            if (has(minutes, minute)) {
                var second = highest(seconds, time % 60);
                if (second >= 0) {
                    return time - time % 60 + second;
                }
            }
            var earlier = highest(minutes, minute - 1);
            if (earlier >= 0) {
                return at(hour, earlier, highest(seconds, 59));
            }
        }
        var earlier = highest(hours, hour - 1);
        return earlier < 0 ? -1 : at(earlier, highest(minutes, 59), highest(seconds, 59));
    }

    /** How many match before this time. */
    long countBefore(int time) {
        var hour = time / 3_600;
        var minute = time / 60 % 60;
        var count = (long) below(hours, hour) * Long.bitCount(minutes) * Long.bitCount(seconds);
        if (has(hours, hour)) {
            count += (long) below(minutes, minute) * Long.bitCount(seconds);
            if (has(minutes, minute)) {
                count += below(seconds, time % 60);
            }
        }
        return count;
    }

    /** How many match in a day. */
    long count() {
        return (long) Long.bitCount(hours) * Long.bitCount(minutes) * Long.bitCount(seconds);
    }

    private static int at(int hour, int minute, int second) {
        return (hour * 60 + minute) * 60 + second;
    }

    private static boolean has(long bits, int value) {
        return ((bits >>> value) & 1) == 1;
    }

    private static int below(long bits, int value) {
        return Long.bitCount(bits & ((1L << value) - 1));
    }

    private static int lowest(long bits, int from) {
        return Long.numberOfTrailingZeros(bits & (-1L << from));
    }

    private static int highest(long bits, int to) {
        return 63 - Long.numberOfLeadingZeros(bits & ((1L << (to + 1)) - 1));
    }
}
