package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tasks a second come to a result.
 *
 * @param tasks of a round
 * @param bytesPerTask of JSON
 * @param bytesPerResult of JSON, that of the engine's
 * @param variants the bare loop first, which the others are compared with
 */
record Throughput(int tasks, double bytesPerTask, double bytesPerResult, List<Variant> variants) implements Measured {

    /**
     * One program with its settings.
     *
     * @param tasksPerSecond the median of the rounds
     * @param slowest round
     * @param fastest round
     * @param ofBareLoop this one's median as a part of the bare loop's
     * @param cpuSeconds the median
     * @param changelogRecords the median
     */
    record Variant(
            String name,
            double tasksPerSecond,
            double slowest,
            double fastest,
            double ofBareLoop,
            double cpuSeconds,
            long changelogRecords,
            List<Round> rounds) {

        static Variant of(String name, List<Round> rounds, double bareLoop) {
            var perSecond = perSecond(rounds);
            var median = Median.of(perSecond);
            return new Variant(
                    name,
                    median,
                    perSecond.get(0),
                    perSecond.get(perSecond.size() - 1),
                    Rounded.to(2, median / bareLoop),
                    Median.of(rounds.stream().map(Round::cpuSeconds).toList()),
                    Math.round(Median.of(rounds.stream()
                            .map(round -> (double) round.changelogRecords())
                            .toList())),
                    rounds);
        }

        static double medianPerSecond(List<Round> rounds) {
            return Median.of(perSecond(rounds));
        }

        private static List<Double> perSecond(List<Round> rounds) {
            return rounds.stream().map(Round::tasksPerSecond).sorted().toList();
        }
    }

    /**
     * One run of one program.
     *
     * @param cpuSeconds of the program, from the start of its JVM to the last result
     * @param changelogRecords the end of the changelog, transaction markers included
     * @param resultRecords how many results there were, repeated ones too
     */
    record Round(double tasksPerSecond, double cpuSeconds, long changelogRecords, long resultRecords) {}

    @Override
    public List<Table> tables() {
        var rows = new ArrayList<List<String>>();
        for (var variant : variants) {
            rows.add(List.of(
                    variant.name,
                    Figures.whole(variant.tasksPerSecond),
                    Figures.range(variant.slowest, variant.fastest),
                    Figures.two(variant.ofBareLoop),
                    Figures.one(variant.cpuSeconds),
                    Figures.whole(variant.changelogRecords)));
        }
        return List.of(new Table(
                List.of(title(), "tasks/s", "slowest – fastest", "of the bare loop", "CPU s", "changelog records"),
                rows));
    }

    private String title() {
        return Figures.whole(tasks) + " tasks, "
                + Figures.rounds(variants.get(0).rounds.size());
    }
}
