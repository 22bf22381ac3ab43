package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * What each page of the console costs, while nobody else looks at it.
 *
 * @param rows of {@code task_result}
 */
record Pages(int rows, List<Variant> variants) implements Measured {

    /**
     * A page.
     *
     * @param path without the id of a task
     * @param firstByteMillis until the first byte of the page, of a gateway that is warm
     * @param html bytes of the page
     * @param all bytes of the page and of all that it loads, as they are sent
     * @param selects questions (SELECT) to the database, median
     */
    record Variant(String path, Percentiles firstByteMillis, long html, long all, double selects) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(rows) + " tasks",
                        "visits",
                        "first byte p50 ms",
                        "p99 ms",
                        "HTML KB",
                        "with assets KB",
                        "questions to the database"),
                variants.stream()
                        .map(variant -> List.of(
                                "`" + variant.path + "`",
                                Figures.whole(variant.firstByteMillis.count()),
                                Figures.one(variant.firstByteMillis.p50()),
                                Figures.one(variant.firstByteMillis.p99()),
                                Figures.one(variant.html / 1_000.0),
                                Figures.one(variant.all / 1_000.0),
                                Figures.whole(variant.selects)))
                        .toList()));
    }
}
