package io.celeriac.bench.schedules;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.schedules.Emission.Window;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How late the runs that were due in some time came, each counted once.
 *
 * @param due how many were
 * @param came how many of them the topic has
 * @param millis from fire time until the broker had the task
 * @param seconds the same for those due in each second
 */
record Punctuality(int due, int came, Percentiles millis, List<Percentiles> seconds) {

    static Punctuality of(List<Emission> emissions, Fleet fleet, Window window) {
        var seen = new BitSet();
        var all = new Histogram(3);
        Map<Long, Histogram> seconds = new TreeMap<>();
        for (var emission : emissions) {
            if (emission.isDueIn(window) && !seen.get(emission.firing())) {
                seen.set(emission.firing());
                all.recordValue(emission.lateMicros());
                seconds.computeIfAbsent(emission.fireTime().getEpochSecond(), second -> new Histogram(3))
                        .recordValue(emission.lateMicros());
            }
        }
        return new Punctuality(
                fleet.from(window.to()) - fleet.from(window.from()),
                seen.cardinality(),
                Percentiles.of(all),
                seconds.values().stream().map(Percentiles::of).collect(Collectors.toList()));
    }

    /** Those that the topic does not have: too late to be seen, or skipped. */
    int absent() {
        return due - came;
    }

    /** As the tables show it: of runs that did not come there is no lateness. */
    String shown(double late) {
        return came == 0 ? "–" : Figures.one(late);
    }

    /** The largest p99 of a second. */
    double worstSecond() {
        return seconds.stream().mapToDouble(Percentiles::p99).max().orElse(0);
    }
}
