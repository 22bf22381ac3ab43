package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * How many results a second come into the tables, each with its attempt.
 *
 * @param results of a round
 * @param bytesPerResult of JSON
 */
record Materialized(int results, double bytesPerResult, List<Variant> variants) implements Measured {

    /**
     * A round of one program.
     *
     * @param perSecond results
     * @param programMicros CPU time that the program used for a result
     * @param databaseMicros CPU time that the database used for a result
     */
    record Written(double perSecond, double programMicros, double databaseMicros) {

        String told() {
            return Figures.whole(perSecond) + " results/s (" + Figures.one(programMicros) + " + "
                    + Figures.one(databaseMicros) + " µs of CPU)";
        }
    }

    /**
     * One kind of work.
     *
     * @param name what is written, over how many connections
     * @param materializer of each round
     * @param bareUpsert of each round; a result is a row of {@code task_result}
     * @param ofBareUpsert median of the materializer divided by the median of the bare upsert
     */
    record Variant(String name, List<Written> materializer, List<Written> bareUpsert, double ofBareUpsert) {

        static Variant of(String name, List<Written> materializer, List<Written> bareUpsert) {
            return new Variant(
                    name,
                    List.copyOf(materializer),
                    List.copyOf(bareUpsert),
                    Rounded.to(2, median(materializer) / median(bareUpsert)));
        }
    }

    @Override
    public List<Table> tables() {
        return List.of(
                new Table(
                        List.of(
                                Figures.whole(results) + " results, "
                                        + Figures.rounds(
                                                variants.get(0).materializer.size()),
                                "materializer, results/s",
                                "slowest – fastest",
                                "bare upsert, results/s",
                                "slowest – fastest",
                                "of the bare upsert"),
                        variants.stream()
                                .map(variant -> List.of(
                                        variant.name,
                                        Figures.whole(median(variant.materializer)),
                                        range(variant.materializer),
                                        Figures.whole(median(variant.bareUpsert)),
                                        range(variant.bareUpsert),
                                        Figures.two(variant.ofBareUpsert)))
                                .toList()),
                new Table(
                        List.of(
                                "CPU µs for a result",
                                "materializer",
                                "database, for the materializer",
                                "bare upsert",
                                "database, for the bare upsert"),
                        variants.stream()
                                .map(variant -> List.of(
                                        variant.name,
                                        Figures.one(median(variant.materializer, Written::programMicros)),
                                        Figures.one(median(variant.materializer, Written::databaseMicros)),
                                        Figures.one(median(variant.bareUpsert, Written::programMicros)),
                                        Figures.one(median(variant.bareUpsert, Written::databaseMicros))))
                                .toList()));
    }

    private static double median(List<Written> rounds) {
        return median(rounds, Written::perSecond);
    }

    private static double median(List<Written> rounds, Function<Written, Double> number) {
        return Median.of(rounds.stream().map(number).toList());
    }

    private static String range(List<Written> rounds) {
        var perSecond = rounds.stream().map(Written::perSecond).toList();
        return Figures.range(Collections.min(perSecond), Collections.max(perSecond));
    }
}
