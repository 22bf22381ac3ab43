package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/** How the throughput of tasks that take their time grows with the partitions, one task at a time in each. */
record Scaling(List<Step> steps) implements Measured {

    /**
     * One number of partitions.
     *
     * @param tasksPerSecond as measured
     * @param linear what the tasks' own duration would allow
     * @param ofLinear how much of that it is
     */
    record Step(int partitions, double tasksPerSecond, double linear, double ofLinear) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("partitions", "tasks/s", "linear", "of linear"),
                steps.stream()
                        .map(step -> List.of(
                                String.valueOf(step.partitions),
                                Figures.one(step.tasksPerSecond),
                                Figures.whole(step.linear),
                                Figures.two(step.ofLinear)))
                        .toList()));
    }
}
