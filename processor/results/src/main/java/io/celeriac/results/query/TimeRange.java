package io.celeriac.results.query;

import io.celeriac.results.materializer.ResultColumns;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A time range as a condition on a column. A bound outside the range of the column is no error: all rows pass, or none.
 *
 * @param from earliest time, inclusive; null for any time
 * @param to latest time, exclusive; null for any time
 */
record TimeRange(@Nullable Instant from, @Nullable Instant to) {

    private static final String NEVER = "1 = 0";

    /** Conditions that must all hold, with the parameters of {@link #values()}. */
    List<String> conditions(String column) {
        var conditions = new ArrayList<String>();
        if (from != null && isAfterAll(from)) {
            conditions.add(NEVER);
        } else if (from != null && !isBeforeAll(from)) {
            conditions.add(column + " >= :from");
        }
        if (to != null && isBeforeAll(to)) {
            conditions.add(NEVER);
        } else if (to != null && !isAfterAll(to)) {
            conditions.add(column + " < :to");
        }
        return conditions;
    }

    /** The parameters of the conditions, by their names. */
    Map<String, Object> values() {
        var values = new HashMap<String, Object>();
        if (from != null && !isBeforeAll(from) && !isAfterAll(from)) {
            values.put("from", ResultColumns.utc(from));
        }
        if (to != null && !isBeforeAll(to) && !isAfterAll(to)) {
            values.put("to", ResultColumns.utc(to));
        }
        return values;
    }

    private static boolean isBeforeAll(Instant bound) {
        return !bound.isAfter(instant(ResultColumns.EARLIEST));
    }

    private static boolean isAfterAll(Instant bound) {
        return bound.isAfter(instant(ResultColumns.LATEST));
    }

    private static Instant instant(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC);
    }
}
