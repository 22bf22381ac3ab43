package io.celeriac.results.count;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of time whose counters are in one table.
 *
 * @param from a whole minute, or hour
 * @param to the minute, or hour, after the last
 */
record Stretch(Counters counters, Instant from, Instant to) {

    /** The tables of counters. */
    enum Counters {
        MINUTES("task_count", "failure_count", "minute"),
        HOURS("task_count_hour", "failure_count_hour", "hour");

        private final String table;
        private final String failures;
        private final String time;

        Counters(String table, String failures, String time) {
            this.table = table;
            this.failures = failures;
            this.time = time;
        }

        String table() {
            return table;
        }

        /** The table with the counters of failed tasks. */
        String failures() {
            return failures;
        }

        /** The name of the column with the begin of the minute, or hour. */
        String time() {
            return time;
        }
    }

    private static final long HOUR = Duration.ofHours(1).toSeconds();

    static List<Stretch> ofMinutes(Instant from, Instant to) {
        return List.of(new Stretch(Counters.MINUTES, from, to));
    }

    /** The whole hours of a span that has one, and the minutes before and after them. */
    static List<Stretch> ofHours(Instant from, Instant to) {
        var first = Instant.ofEpochSecond(-HOUR * Math.floorDiv(-from.getEpochSecond(), HOUR));
        var last = Instant.ofEpochSecond(HOUR * Math.floorDiv(to.getEpochSecond(), HOUR));
        var stretches = new ArrayList<Stretch>();
        if (from.isBefore(first)) {
            stretches.add(new Stretch(Counters.MINUTES, from, first));
        }
        stretches.add(new Stretch(Counters.HOURS, first, last));
        if (last.isBefore(to)) {
            stretches.add(new Stretch(Counters.MINUTES, last, to));
        }
        return stretches;
    }
}
