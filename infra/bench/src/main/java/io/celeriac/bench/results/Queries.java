package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long answers take.
 *
 * @param rows of {@code task_result}
 */
record Queries(int rows, List<Variant> variants) implements Measured {

    /**
     * One kind of question.
     *
     * @param millis until the answer was there; of the answered only
     * @param givenUp how many were not answered in the time that the repository gives
     * @param plan of one of them
     */
    record Variant(String name, Percentiles millis, int givenUp, List<Step> plan) {}

    /**
     * A step of a plan as the server tells it, and what came of it.
     *
     * @param table or a part of the statement that is numbered there
     * @param access how it is read: {@code const}, {@code ref}, {@code range}, {@code index}, {@code ALL} ...
     * @param key index that is used; – for none
     * @param estimated rows that the server expected to read each time
     * @param read rows that it read each time
     * @param extra what else it does
     */
    record Step(String table, String access, String key, String estimated, String read, String extra) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(Figures.whole(rows) + " tasks", "asked", "p50 ms", "p99 ms", "max ms", "given up"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole(variant.millis.count() + variant.givenUp),
                                Figures.one(variant.millis.p50()),
                                Figures.one(variant.millis.p99()),
                                Figures.one(variant.millis.max()),
                                Figures.whole((long) variant.givenUp)))
                        .toList()));
    }

    /** The plans, a row for each step. */
    Table plans() {
        return new Table(
                List.of("", "reads", "by", "index", "rows estimated", "rows read", "and"),
                variants.stream().flatMap(Queries::rows).toList());
    }

    private static Stream<List<String>> rows(Variant variant) {
        return IntStream.range(0, variant.plan.size()).mapToObj(i -> {
            var step = variant.plan.get(i);
            return List.of(
                    i == 0 ? variant.name : "",
                    step.table,
                    step.access,
                    step.key,
                    step.estimated,
                    step.read,
                    step.extra);
        });
    }
}
