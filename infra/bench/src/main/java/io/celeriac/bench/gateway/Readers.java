package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * What open readers cost gateway and database.
 *
 * @param rows of {@code task_result}
 */
record Readers(int rows, List<Variant> variants) implements Measured {

    /**
     * A number of readers.
     *
     * @param readers how many
     * @param requestsPerSecond of all
     * @param eventsPerSecond of all their streams
     * @param refused calls that were answered 503
     * @param firstByteMillis of the answers
     */
    record Variant(
            String name,
            int readers,
            double requestsPerSecond,
            double eventsPerSecond,
            long refused,
            Percentiles firstByteMillis,
            Load load) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(rows) + " tasks",
                        "requests/s",
                        "events/s",
                        "refused",
                        "p50 ms",
                        "p99 ms",
                        "questions to the database/s",
                        "database, CPU ms/s",
                        "gateway, CPU ms/s"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.one(variant.requestsPerSecond),
                                Figures.whole(variant.eventsPerSecond),
                                Figures.whole(variant.refused),
                                Figures.one(variant.firstByteMillis.p50()),
                                Figures.one(variant.firstByteMillis.p99()),
                                Figures.one(variant.load.selects()),
                                Figures.one(variant.load.databaseMillis()),
                                Figures.one(variant.load.gatewayMillis())))
                        .toList()));
    }
}
