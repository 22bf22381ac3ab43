package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What many handlers and many queues cost one worker. */
record Breadth(int tasks, List<Variant> variants) implements Measured {

    /**
     * One worker.
     *
     * @param tasksPerSecond of tasks that do nothing, spread over its queues or handlers
     * @param cpuMicros of one of them
     * @param idleCpuMillisPerSecond CPU time of the worker that has nothing to do
     * @param residentMb memory of the worker after that; null where the system does not tell
     */
    record Variant(
            String name,
            double tasksPerSecond,
            double cpuMicros,
            double idleCpuMillisPerSecond,
            @Nullable Long residentMb) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(Figures.whole(tasks) + " tasks", "tasks/s", "CPU µs a task", "idle CPU ms/s", "RSS MB"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole(variant.tasksPerSecond),
                                Figures.one(variant.cpuMicros),
                                Figures.whole(variant.idleCpuMillisPerSecond),
                                variant.residentMb == null ? "–" : Figures.whole(variant.residentMb)))
                        .toList()));
    }
}
