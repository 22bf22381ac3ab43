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
 * When a schedule fires.
 *
 * @param rule the rule
 * @param timezone whose wall clock the rule goes by, where it goes by one
 * @param startAt fires at no earlier instant, and intervals are counted from here; null for the schedule's creation
 * @param endAt fires at no later instant; null for no end
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

    /**
     * The instants of a schedule that was created then.
     */
    public Timetable timetable(Instant createdAt) {
        var table = rule.from(startAt == null ? createdAt : startAt, timezone);
        return endAt == null ? table : new Ending(table, endAt);
    }

    /**
     * The instants of a schedule that was created then as if it had been there earlier: by its rule alone, whatever the start and the
     * end. Those of an interval stay on their grid.
     *
     * @param earliest from which on they are wanted
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
