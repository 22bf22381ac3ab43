package io.celeriac.schedule.rule;

import io.celeriac.schedule.rule.Solar.Event.Course;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.shredzone.commons.suncalc.SunPosition;

/**
 * The instants of a {@link Solar} rule, at most one in each solar day. A solar day lasts from one lowest position of the sun to the
 * next. An instant is computed from the number of its day alone, in whole seconds, so that it does not depend on where the search
 * starts.
 *
 * <p>The library computes the position of the sun. This class finds when the sun passes an altitude, because the library's own answers
 * differ by seconds with the instant from which it searches, and its noon near a pole is hours off.
 */
final class SolarTimetable implements Timetable {

    /** Every event happens each year, even at the poles. */
    private static final int SEARCHED_DAYS = 400;

    private static final long DAY = 86_400;
    private static final int LOOKS_A_DAY = 8;
    private static final double SECONDS_A_DEGREE = DAY / 360.0;
    private static final double SECONDS_A_RADIAN = DAY / (2 * Math.PI);

    private final Solar solar;
    private final Instant anchor;

    /**
     * @param anchor none is earlier, nor any before 1970
     */
    SolarTimetable(Solar solar, Instant anchor) {
        this.solar = solar;
        this.anchor = anchor.isBefore(Instant.EPOCH) ? Instant.EPOCH : anchor;
    }

    @Override
    public Optional<Instant> next(Instant after) {
        if (after.isBefore(anchor)) {
            return notBefore(anchor);
        }
        return after.isBefore(LAST) ? notBefore(after.plusNanos(1)) : Optional.empty();
    }

    private Optional<Instant> notBefore(Instant first) {
        if (first.isAfter(LAST)) {
            return Optional.empty();
        }
        var begin = meanDay(first) - 1;
        for (var day = begin; day < begin + SEARCHED_DAYS; day++) {
            var event = event(day);
            if (event.isPresent() && !at(event).isBefore(first)) {
                return Optional.of(at(event)).filter(instant -> !instant.isAfter(LAST));
            }
        }
        return Optional.empty();
    }

    @Override
    public Instant last(Instant from, Instant until) {
        var end = until.isAfter(LAST) ? LAST : until;
        for (var day = meanDay(end) + 1; day >= meanDay(from); day--) {
            var event = event(day);
            if (event.isPresent() && !at(event).isAfter(end) && at(event).isAfter(from)) {
                return at(event);
            }
        }
        return from;
    }

    private static Instant at(OptionalLong seconds) {
        return Instant.ofEpochSecond(seconds.getAsLong());
    }

    /** The day by the mean sun, which is off the true one by up to 17 minutes. Days are numbered from 1970-01-01. */
    private long meanDay(Instant instant) {
        return (long) Math.floor((instant.getEpochSecond() + solar.longitude() * SECONDS_A_DEGREE) / DAY);
    }

    /** The event of a solar day, in seconds of the epoch; empty when there is none. */
    private OptionalLong event(long day) {
        var noon = noon(day);
        return solar.event().course() == Course.CULMINATES
                ? OptionalLong.of(noon)
                : passage(between(noon(day - 1), noon), between(noon, noon(day + 1)));
    }

    private static long between(long one, long other) {
        return Math.floorDiv(one + other, 2L);
    }

    /**
     * When the sun passes the meridian. Looked at from the equator, where its height and direction tell its hour angle on any
     * day.
     */
    private long noon(long day) {
        var time = (day + 0.5) * DAY - solar.longitude() * SECONDS_A_DEGREE;
        for (var approach = 0;
                approach < 2;
                approach++) { // off by less than a second after the first, by milliseconds then
            var sun = sun(0, Math.round(time * 1_000));
            var up = Math.toRadians(sun.getTrueAltitude());
            var west = -Math.cos(up) * Math.sin(Math.toRadians(sun.getAzimuth()));
            time -= Math.atan2(west, Math.sin(up)) * SECONDS_A_RADIAN;
        }
        return Math.round(time);
    }

    /** The first second between the two at which the sun is on the other side of the event's altitude. */
    private OptionalLong passage(long start, long end) {
        var rises = solar.event().course() == Course.RISES;
        var before = start;
        for (var look = 1; look <= LOOKS_A_DAY; look++) {
            var now = start + (end - start) * look / LOOKS_A_DAY;
            if (isUp(before) != rises && isUp(now) == rises) {
                return OptionalLong.of(passage(before, now, rises));
            }
            before = now;
        }
        return OptionalLong.empty();
    }

    private long passage(long before, long after, boolean rises) {
        var early = before;
        var late = after;
        while (late - early > 1) {
            var middle = between(early, late);
            if (isUp(middle) == rises) {
                late = middle;
            } else {
                early = middle;
            }
        }
        return late;
    }

    private boolean isUp(long time) {
        return sun(solar.latitude(), time * 1_000).getTrueAltitude()
                > solar.event().altitude();
    }

    private SunPosition sun(double latitude, long millis) {
        return SunPosition.compute()
                .on(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC))
                .at(latitude, solar.longitude())
                .execute();
    }
}
