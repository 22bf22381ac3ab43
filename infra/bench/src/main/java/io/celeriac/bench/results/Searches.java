package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How long searches take.
 *
 * @param rows of {@code task_result}
 */
record Searches(int rows, List<Variant> variants) implements Measured {

    /**
     * One kind of search.
     *
     * @param q as a person would write it
     * @param millis until the first page was there
     * @param rowsRead rows and entries of indexes that the server read for one search, on average
     * @param partial how many pages told that they do not show all that they should
     * @param found rows of a page, on average
     * @param givenUp how many were not answered at all
     */
    record Variant(String q, Percentiles millis, double rowsRead, double found, int partial, int givenUp) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(rows) + " tasks",
                        "asked",
                        "p50 ms",
                        "p95 ms",
                        "max ms",
                        "rows read",
                        "rows found",
                        "partial",
                        "given up"),
                variants.stream()
                        .map(variant -> List.of(
                                "`" + variant.q + "`",
                                Figures.whole(variant.millis.count() + variant.givenUp),
                                Figures.one(variant.millis.p50()),
                                Figures.one(variant.millis.p95()),
                                Figures.one(variant.millis.max()),
                                Figures.whole(variant.rowsRead),
                                Figures.one(variant.found),
                                Figures.whole((long) variant.partial),
                                Figures.whole((long) variant.givenUp)))
                        .toList()));
    }
}
