package io.celeriac.schedule.due;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When a scheduler has something to do next, in the past when it is overdue.
 *
 * @param schedules when the next schedule is due; null when none ever is
 * @param requests the same for what people asked for
 * @param clock what the database's clock says
 */
public record NextDue(@Nullable Instant schedules, @Nullable Instant requests, Instant clock) {

    /** The earlier of the two; empty when there is none. */
    public Optional<Instant> earliest() {
        return Stream.of(Optional.ofNullable(schedules), Optional.ofNullable(requests))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }
}
