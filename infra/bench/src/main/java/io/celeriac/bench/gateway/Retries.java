package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How fast an action retries failed tasks, and what memory it needs.
 *
 * @param tasks that were retried
 * @param sent records of new tasks that the broker has
 * @param perSecond from the request to the end of the action
 * @param gatewayMicros CPU time of the gateway for a task
 * @param databaseMicros CPU time of the database for a task
 * @param heapAtFirst bytes in use after a collection, before
 * @param heapMost the most that was in use, garbage included
 * @param heapAtLast bytes in use after a collection, at the end
 */
record Retries(
        long tasks,
        long sent,
        double perSecond,
        double gatewayMicros,
        double databaseMicros,
        long heapAtFirst,
        long heapMost,
        long heapAtLast)
        implements Measured {

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        "failed tasks",
                        "retried/s",
                        "gateway, CPU µs each",
                        "database, CPU µs each",
                        "heap after GC before, MB",
                        "most in use, MB",
                        "after GC at the end, MB"),
                List.of(List.of(
                        Figures.whole(tasks),
                        Figures.whole(perSecond),
                        Figures.whole(gatewayMicros),
                        Figures.whole(databaseMicros),
                        megabytes(heapAtFirst),
                        megabytes(heapMost),
                        megabytes(heapAtLast)))));
    }

    private static String megabytes(long bytes) {
        return Figures.whole(Rounded.to(0, bytes / (double) (1 << 20)));
    }
}
