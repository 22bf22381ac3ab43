package io.celeriac.bench.schedules;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Schedules that fire one after the other, evenly: the firings are numbered from 0, one each {@link #step}, and schedule
 * {@code i} has those with the numbers {@code i}, {@code i + active}, {@code i + 2 * active} and so on.
 *
 * @param schedules that are stored
 * @param active those of them that fire; the first run of the others is far away
 * @param perSecond firings of all together
 * @param begin when the first fires
 */
record Fleet(int schedules, int active, int perSecond, Instant begin) {

    private static final int MICROS = 1_000_000;
    private static final int FEW_EVERY_SECONDS = 3;

    Fleet {
        if (MICROS % perSecond != 0 || (long) active * (MICROS / perSecond) % 1_000 != 0) {
            throw new IllegalArgumentException(active + " schedules cannot fire " + perSecond
                    + " times a second, each at an interval of whole milliseconds");
        }
        if (active > schedules) {
            throw new IllegalArgumentException("of " + schedules + " schedules, " + active + " cannot fire");
        }
    }

    static Fleet of(Spread spread, int schedules, int perSecond, Instant begin) {
        var active = spread == Spread.ALL ? schedules : Math.multiplyExact(perSecond, FEW_EVERY_SECONDS);
        return new Fleet(schedules, active, perSecond, begin.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Between two firings. */
    Duration step() {
        return Duration.of(MICROS / perSecond, ChronoUnit.MICROS);
    }

    /** Between two firings of one schedule. */
    Duration every() {
        return step().multipliedBy(active);
    }

    /** Number of the first firing that is not before an instant. */
    int from(Instant instant) {
        var step = MICROS / perSecond;
        return Math.toIntExact((begin.until(instant, ChronoUnit.MICROS) + step - 1) / step);
    }

    Instant fireTime(int number) {
        return begin.plus(step().multipliedBy(number));
    }

    /**
     * Number of a firing.
     *
     * @throws IllegalStateException when the schedule has none at that time
     */
    int number(int schedule, Instant fireTime) {
        var number = from(fireTime);
        if (number % active != schedule || !fireTime(number).equals(fireTime)) {
            throw new IllegalStateException("schedule " + schedule + " must not fire at " + fireTime);
        }
        return number;
    }

    static String name(int schedule) {
        return "bench-" + schedule;
    }

    static int schedule(String name) {
        return Integer.parseInt(name.substring("bench-".length()));
    }
}
