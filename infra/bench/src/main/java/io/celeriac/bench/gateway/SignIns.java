package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;

/** How many people sign in in a second, and how many calls with a token are answered. */
record SignIns(List<Variant> variants) implements Measured {

    /**
     * One kind of call.
     *
     * @param perSecond calls that were answered as they should be
     * @param refused calls that were answered 503, as too many were there already
     */
    record Variant(String name, int callers, double perSecond, long refused, Percentiles millis, Load load) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        "",
                        "callers",
                        "answered/s",
                        "refused",
                        "p50 ms",
                        "p99 ms",
                        "questions to the database each",
                        "gateway, CPU ms each"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole((long) variant.callers),
                                Figures.one(variant.perSecond),
                                Figures.whole(variant.refused),
                                Figures.one(variant.millis.p50()),
                                Figures.one(variant.millis.p99()),
                                Figures.two(variant.load.selects() / variant.perSecond),
                                Figures.two(variant.load.gatewayMillis() / variant.perSecond)))
                        .toList()));
    }
}
