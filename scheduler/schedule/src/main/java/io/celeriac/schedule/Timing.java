package io.celeriac.schedule;

import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.rule.Timetable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires: a rule, a time zone, a start and an end.
 *
 * @param rule the rule
 * @param timezone time zone of the rule, if the rule uses wall-clock time
 * @param startAt the earliest fire time, from which intervals count; null for the creation of the schedule
 * @param endAt the latest fire time; null for no end
 */
public record Timing(
        ScheduleRule rule,
        ZoneId timezone,
        @Nullable Instant startAt,
        @Nullable Instant endAt) {

    private static final Instant TOO_LATE = Timetable.LAST.plusNanos(1_000);

    public Timing {
        startAt = checked("startAt", startAt);
        endAt = checked("endAt", endAt);
        if (startAt != null && endAt != null && endAt.isBefore(startAt)) {
            throw new InvalidScheduleException("endAt", "must not be before startAt, but is " + endAt);
        }
    }

    private static @Nullable Instant checked(String field, @Nullable Instant instant) {
        if (instant == null) {
            return null;
        }
        if (instant.isBefore(Instant.EPOCH) || !instant.isBefore(TOO_LATE)) {
            throw new InvalidScheduleException(field, "must be from 1970 to 9999, but is " + instant);
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** The fire times of a schedule that was created at an instant. */
    public Timetable timetable(Instant createdAt) {
        var table = rule.from(startAt == null ? createdAt : startAt, timezone);
        return endAt == null ? table : new Ending(table, endAt);
    }

    /**
     * The fire times of the rule alone, without start and end, also before the creation. Intervals keep their grid.
     *
     * @param earliest where to start
     */
    public Timetable backTo(Instant createdAt, Instant earliest) {
        return rule.backTo(startAt == null ? createdAt : startAt, timezone, earliest);
    }

    private record Ending(Timetable table, Instant end) implements Timetable {

        @Override
        public Optional<Instant> next(Instant after) {
            return table.next(after).filter(next -> !next.isAfter(end));
        }

        @Override
        public Instant last(Instant from, Instant until) {
            return table.last(from, until.isAfter(end) ? end : until);
        }

        @Override
        public long count(Instant first, Instant last) {
            return table.count(first, last);
        }
    }
}
