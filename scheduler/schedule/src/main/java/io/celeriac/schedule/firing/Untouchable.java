package io.celeriac.schedule.firing;

import io.celeriac.schedule.firing.ClaimRepository.Unreadable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules whose rows the database refuses to change at all, for example because of a trigger. They stay due in the table, so this
 * program ignores them for a while. It holds at most a thousand. Safe for use by several threads.
 */
final class Untouchable {

    private static final Logger LOG = LoggerFactory.getLogger(Untouchable.class);
    private static final int MOST = 1_000;

    /** Until when to ignore a schedule, by its id. */
    private final Map<String, Instant> rows = new LinkedHashMap<>();

    synchronized void add(Unreadable row, Instant now) {
        LOG.error("Nothing of schedule {} can be written, so it does not fire: {}", row.name(), row.reason());
        rows.put(row.id(), now.plus(Claim.SET_ASIDE));
        if (rows.size() > MOST) {
            rows.remove(rows.keySet().iterator().next());
        }
    }

    /** Ids of the schedules to ignore. */
    synchronized Set<String> at(Instant now) {
        if (!rows.isEmpty()) {
            rows.values().removeIf(until -> !until.isAfter(now));
        }
        return Set.copyOf(rows.keySet());
    }
}
