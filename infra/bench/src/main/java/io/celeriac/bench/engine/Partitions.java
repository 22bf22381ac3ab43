package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the partitions of a queue cost the worker that has all of them. More partitions let more workers share a queue. */
record Partitions(int tasks, List<Step> steps) implements Measured {

    /**
     * One number of partitions.
     *
     * @param readySeconds from the start of the JVM until it has all partitions
     * @param idleCpuMillisPerSecond CPU time of the worker that has nothing to do
     * @param tasksPerSecond of tasks that do nothing, sent as fast as possible to the running worker
     * @param cpuMicros of one of them
     * @param residentMb memory of the worker after that; null where the system does not tell
     */
    record Step(
            int partitions,
            double readySeconds,
            double idleCpuMillisPerSecond,
            double tasksPerSecond,
            double cpuMicros,
            @Nullable Long residentMb) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        "partitions of one queue",
                        "ready after s",
                        "idle CPU ms/s",
                        Figures.whole(tasks) + " tasks, tasks/s",
                        "CPU µs a task",
                        "RSS MB"),
                steps.stream()
                        .map(step -> List.of(
                                String.valueOf(step.partitions),
                                Figures.one(step.readySeconds),
                                Figures.whole(step.idleCpuMillisPerSecond),
                                Figures.whole(step.tasksPerSecond),
                                Figures.one(step.cpuMicros),
                                step.residentMb == null ? "–" : Figures.whole(step.residentMb)))
                        .toList()));
    }
}
