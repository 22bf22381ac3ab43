package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How late tasks with an eta begin, alone and among many that lie parked, and what those weigh. */
record Lateness(List<Variant> variants) implements Measured {

    /**
     * One worker.
     *
     * @param parked tasks of the far future that it holds
     * @param store that it holds them in
     * @param millis from a task's eta to the first line of its handler
     * @param acceptedPerSecond how fast the parked ones were taken on; null where there are none
     * @param heapMegabytes in use after a collection, with all parked
     * @param residentMegabytes memory of the process then; null where the system does not tell
     * @param restoreSeconds from the start of a JVM with an empty state directory to running, after the first worker was
     *     killed; null where nothing is parked
     */
    record Variant(
            int parked,
            String store,
            Percentiles millis,
            @Nullable Double acceptedPerSecond,
            double heapMegabytes,
            @Nullable Double residentMegabytes,
            @Nullable Double restoreSeconds) {}

    @Override
    public List<Table> tables() {
        return List.of(late(), weight());
    }

    private Table late() {
        return new Table(
                List.of("", "due", "p50 ms", "p95 ms", "p99 ms", "max ms"),
                variants.stream()
                        .map(variant -> List.of(
                                name(variant),
                                Figures.whole(variant.millis.count()),
                                Figures.one(variant.millis.p50()),
                                Figures.one(variant.millis.p95()),
                                Figures.one(variant.millis.p99()),
                                Figures.one(variant.millis.max())))
                        .toList());
    }

    private Table weight() {
        return new Table(
                List.of("", "accepted/s", "heap after GC MB", "RSS MB", "restore s"),
                variants.stream()
                        .map(variant -> List.of(
                                name(variant),
                                variant.acceptedPerSecond == null ? "–" : Figures.whole(variant.acceptedPerSecond),
                                Figures.whole(variant.heapMegabytes),
                                variant.residentMegabytes == null ? "–" : Figures.whole(variant.residentMegabytes),
                                variant.restoreSeconds == null ? "–" : Figures.one(variant.restoreSeconds)))
                        .toList());
    }

    private static String name(Variant variant) {
        return (variant.parked == 0 ? "nothing else" : Figures.whole(variant.parked)) + " parked, store "
                + variant.store;
    }
}
