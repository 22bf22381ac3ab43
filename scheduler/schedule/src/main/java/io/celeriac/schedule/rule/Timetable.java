package io.celeriac.schedule.rule;

import java.time.Instant;
import java.util.Optional;

/**
 * The instants at which something fires, in order. Each is a whole microsecond, and none is later than {@link #LAST}. Immutable;
 * answers depend only on the arguments.
 */
public interface Timetable {

    /** The last instant that a database holds. */
    Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** The first instant after this one; empty when there is none. */
    Optional<Instant> next(Instant after);

    /**
     * The last instant that is not after this one; empty when there is none.
     *
     * @param from an instant of the table, not after {@code until}, where the search starts
     */
    default Instant last(Instant from, Instant until) {
        var last = from;
        for (var next = next(from); next.isPresent() && !next.get().isAfter(until); next = next(last)) {
            last = next.get();
        }
        return last;
    }

    /** The number of instants from {@code first}, which is in the table, to {@code last}, inclusive. */
    default long count(Instant first, Instant last) {
        var count = 1L;
        for (var next = next(first); next.isPresent() && !next.get().isAfter(last); next = next(next.get())) {
            count++;
        }
        return count;
    }
}
