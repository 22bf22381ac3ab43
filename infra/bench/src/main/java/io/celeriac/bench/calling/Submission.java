package io.celeriac.bench.calling;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How many tasks a second the broker has.
 *
 * @param bytesPerTask of JSON
 * @param variants the bare producer first, which the others are compared with
 */
record Submission(int bytesPerTask, List<Variant> variants) implements Measured {

    /**
     * One way to send tasks.
     *
     * @param tasks of a round
     * @param tasksPerSecond the median of the rounds, from the first call to the last confirmation
     * @param ofBare the same as a part of the bare producer's
     */
    record Variant(String name, int tasks, double tasksPerSecond, double slowest, double fastest, double ofBare) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        "tasks of " + bytesPerTask + " bytes",
                        "tasks in a round",
                        "tasks/s",
                        "slowest – fastest",
                        "of the bare producer"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole(variant.tasks),
                                Figures.whole(variant.tasksPerSecond),
                                Figures.range(variant.slowest, variant.fastest),
                                Figures.two(variant.ofBare)))
                        .toList()));
    }
}
