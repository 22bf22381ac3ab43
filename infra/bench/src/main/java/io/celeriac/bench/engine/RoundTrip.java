package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes from the sending of one task to its result, while nothing else goes on.
 *
 * @param variants the bare topic first, which the others are compared with
 */
record RoundTrip(List<Variant> variants) implements Measured {

    /**
     * One way there and back.
     *
     * @param millis from the send to the result, as a consumer sees it that reads what is committed
     * @param ofBareTopic median as a multiple of the bare topic's
     * @param idleCpuMillisPerSecond CPU time of a worker that has nothing to do; null where there is none
     */
    record Variant(
            String name,
            Percentiles millis,
            double ofBareTopic,
            @Nullable Double idleCpuMillisPerSecond) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("", "p50 ms", "p95 ms", "p99 ms", "p50 of the bare topic", "idle CPU ms/s"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.one(variant.millis.p50()),
                                Figures.one(variant.millis.p95()),
                                Figures.one(variant.millis.p99()),
                                Figures.one(variant.ofBareTopic),
                                variant.idleCpuMillisPerSecond == null
                                        ? "–"
                                        : Figures.whole(variant.idleCpuMillisPerSecond)))
                        .toList()));
    }
}
