package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.Collections;
import java.util.List;

/**
 * How many results a second come into the tables, each with its attempt.
 *
 * @param results of a round
 * @param bytesPerResult of JSON
 */
record Materialized(int results, double bytesPerResult, List<Variant> variants) implements Measured {

    /**
     * One kind of work.
     *
     * @param name what is written, over how many connections
     * @param materializer results a second, of each round
     * @param bareUpsert rows of {@code task_result} a second, of each round
     * @param ofBareUpsert median of the materializer divided by the median of the bare upsert
     */
    record Variant(String name, List<Double> materializer, List<Double> bareUpsert, double ofBareUpsert) {

        static Variant of(String name, List<Double> materializer, List<Double> bareUpsert) {
            return new Variant(
                    name,
                    List.copyOf(materializer),
                    List.copyOf(bareUpsert),
                    Rounded.to(2, Median.of(materializer) / Median.of(bareUpsert)));
        }
    }

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of(
                        Figures.whole(results) + " results, "
                                + Figures.rounds(variants.get(0).materializer.size()),
                        "materializer, results/s",
                        "slowest – fastest",
                        "bare upsert, results/s",
                        "slowest – fastest",
                        "of the bare upsert"),
                variants.stream()
                        .map(variant -> List.of(
                                variant.name,
                                Figures.whole(Median.of(variant.materializer)),
                                range(variant.materializer),
                                Figures.whole(Median.of(variant.bareUpsert)),
                                range(variant.bareUpsert),
                                Figures.two(variant.ofBareUpsert)))
                        .toList()));
    }

    private static String range(List<Double> rounds) {
        return Figures.range(Collections.min(rounds), Collections.max(rounds));
    }
}
