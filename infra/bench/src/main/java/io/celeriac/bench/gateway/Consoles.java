package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * What open consoles cost, and whether they make memory grow.
 *
 * @param rows of {@code task_result}
 * @param consoles that were open
 * @param minutes how long
 * @param pagesPerSecond of all
 * @param refused pages that were answered 503
 * @param firstByteMillis of the pages
 * @param heapAtFirst bytes in use after a collection, when the consoles had been open for the warm-up
 * @param heapAtLast the same at the end
 * @param residentAtFirst memory that the system had given the gateway
 * @param residentAtLast the same at the end
 */
record Consoles(
        int rows,
        int consoles,
        double minutes,
        double pagesPerSecond,
        long refused,
        Percentiles firstByteMillis,
        Load load,
        long heapAtFirst,
        long heapAtLast,
        long residentAtFirst,
        long residentAtLast)
        implements Measured {

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(rows) + " tasks",
                        "minutes",
                        "pages/s",
                        "refused",
                        "first byte p50 ms",
                        "p99 ms",
                        "questions to the database/s",
                        "database, CPU ms/s",
                        "gateway, CPU ms/s",
                        "heap after GC at first, MB",
                        "at last",
                        "RSS at first, MB",
                        "at last"),
                List.of(List.of(
                        consoles + " consoles",
                        Figures.one(minutes),
                        Figures.one(pagesPerSecond),
                        Figures.whole(refused),
                        Figures.one(firstByteMillis.p50()),
                        Figures.one(firstByteMillis.p99()),
                        Figures.one(load.selects()),
                        Figures.one(load.databaseMillis()),
                        Figures.one(load.gatewayMillis()),
                        megabytes(heapAtFirst),
                        megabytes(heapAtLast),
                        megabytes(residentAtFirst),
                        megabytes(residentAtLast)))));
    }

    private static String megabytes(long bytes) {
        return Figures.whole(Rounded.to(0, bytes / (double) (1 << 20)));
    }
}
