package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * Tasks that wait for something for a second, all at once.
 *
 * @param tasks and the worker's concurrency
 */
record Sleepers(int tasks, List<Variant> variants) implements Measured {

    /**
     * On one JVM.
     *
     * @param java its version
     * @param threads that attempts run on, {@code virtual} or {@code platform}
     * @param seconds from the first begun to the last result
     */
    record Variant(String java, String threads, double seconds) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("", "tasks of 1 s at once", "first begun to last result s"),
                variants.stream()
                        .map(variant -> List.of(
                                "Java " + variant.java + ", " + variant.threads + " threads",
                                Figures.whole(tasks),
                                Figures.two(variant.seconds)))
                        .toList()));
    }
}
