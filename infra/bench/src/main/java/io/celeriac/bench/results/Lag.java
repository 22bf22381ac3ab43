package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How far the tables are behind while a worker does what it can.
 *
 * @param tasks that do nothing, drained at once
 */
record Lag(int tasks, List<Variant> variants) implements Measured {

    /**
     * The materializer with a setting.
     *
     * @param tasksPerSecond of the worker, the while
     * @param behindRecords results that were not in the tables when the worker had done the last task
     * @param behindSeconds how long before that as many results were there as are in the tables
     * @param caughtUpSeconds from then until everything was in the tables
     */
    record Variant(
            String name, double tasksPerSecond, long behindRecords, double behindSeconds, double caughtUpSeconds) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(tasks) + " tasks",
                        "engine, tasks/s",
                        "behind at its end, results",
                        "behind at its end, s",
                        "caught up after, s"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole(variant.tasksPerSecond),
                                Figures.whole(variant.behindRecords),
                                Figures.one(variant.behindSeconds),
                                Figures.one(variant.caughtUpSeconds)))
                        .toList()));
    }
}
