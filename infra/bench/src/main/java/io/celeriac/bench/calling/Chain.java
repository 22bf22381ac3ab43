package io.celeriac.bench.calling;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How long a step of a chain takes, beside a single task.
 *
 * @param steps of the chain
 * @param stepMillis the time from the send to the chain's result by its steps, the median of the chains
 * @param taskMillis from the send of a single task to its result, the median
 * @param ofTask the step as a multiple of the single task
 */
record Chain(int steps, double stepMillis, double taskMillis, double ofTask) implements Measured {

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("", "ms", "of a single task"),
                List.of(
                        List.of("a single task", Figures.one(taskMillis), "1.00"),
                        List.of("a step of a chain of " + steps, Figures.one(stepMillis), Figures.two(ofTask)))));
    }
}
