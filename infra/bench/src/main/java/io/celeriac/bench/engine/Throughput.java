package io.celeriac.bench.engine;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
     * One program with its settings. All numbers but the slowest and the fastest are medians of the rounds.
     *
     * @param tasksPerSecond of whole rounds, in which the program starts cold
     * @param slowest round
     * @param fastest round
     * @param ofBareLoop this one's rate as a part of the bare loop's in the same round
     * @param warmPerSecond of the second halves
     * @param warmOfBareLoop as ofBareLoop, in the second half
     * @param cpuMicros of a task, with the start of the program
     * @param warmCpuMicros of a task in the second half
     * @param warmCpuOfBareLoop this one's as a multiple of the bare loop's in the same round
     * @param allocatedKb of a task; null where the program does not tell
     */
    record Variant(
            String name,
            double tasksPerSecond,
            double slowest,
            double fastest,
            double ofBareLoop,
            double warmPerSecond,
            double warmOfBareLoop,
            double cpuMicros,
            double warmCpuMicros,
            double warmCpuOfBareLoop,
            @Nullable Double allocatedKb,
            long changelogRecords,
            List<Round> rounds) {

        static Variant of(String name, int tasks, List<Round> rounds, List<Round> bareLoop) {
            var perSecond = rounds.stream().map(Round::tasksPerSecond).sorted().toList();
            var allocated = rounds.stream()
                    .map(Round::allocatedKb)
                    .filter(Objects::nonNull)
                    .toList();
            return new Variant(
                    name,
                    Median.of(perSecond),
                    perSecond.get(0),
                    perSecond.get(perSecond.size() - 1),
                    ratio(rounds, bareLoop, Round::tasksPerSecond),
                    median(rounds, Round::warmPerSecond),
                    ratio(rounds, bareLoop, Round::warmPerSecond),
                    Rounded.to(1, median(rounds, Round::cpuSeconds) * 1e6 / tasks),
                    median(rounds, Round::warmCpuMicros),
                    ratio(rounds, bareLoop, Round::warmCpuMicros),
                    allocated.isEmpty() ? null : Median.of(allocated),
                    Math.round(median(rounds, Round::changelogRecords)),
                    rounds);
        }

        private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
            return Median.of(rounds.stream().map(of::applyAsDouble).toList());
        }

        private static double ratio(List<Round> rounds, List<Round> others, ToDoubleFunction<Round> of) {
            return Rounded.to(
                    2,
                    Median.of(IntStream.range(0, rounds.size())
                            .mapToObj(i -> of.applyAsDouble(rounds.get(i)) / of.applyAsDouble(others.get(i)))
                            .toList()));
        }
    }

    /**
     * One run of one program.
     *
     * @param tasksPerSecond from the first results on
     * @param warmPerSecond in the second half
     * @param cpuSeconds of the program, from the start of its JVM to the last result
     * @param warmCpuMicros of the program for a task in the second half
     * @param allocatedKb of a task; null where the program does not tell
     * @param changelogRecords the end of the changelog, transaction markers included
     * @param resultRecords how many results there were, repeated ones too
     */
    record Round(
            double tasksPerSecond,
            double warmPerSecond,
            double cpuSeconds,
            double warmCpuMicros,
            @Nullable Double allocatedKb,
            long changelogRecords,
            long resultRecords) {}

    @Override
    public List<Table> tables() {
        return List.of(rates(), costs());
    }

    private Table rates() {
        var rows = new ArrayList<List<String>>();
        for (var variant : variants) {
            rows.add(List.of(
                    variant.name,
                    Figures.whole(variant.tasksPerSecond),
                    Figures.range(variant.slowest, variant.fastest),
                    Figures.two(variant.ofBareLoop),
                    Figures.whole(variant.warmPerSecond),
                    Figures.two(variant.warmOfBareLoop)));
        }
        var rounds = Figures.rounds(variants.get(0).rounds.size());
        return new Table(
                List.of(
                        Figures.whole(tasks) + " tasks, " + rounds,
                        "tasks/s",
                        "slowest – fastest",
                        "of the bare loop",
                        "second half, tasks/s",
                        "of the bare loop, second half"),
                rows);
    }

    private Table costs() {
        var rows = new ArrayList<List<String>>();
        for (var variant : variants) {
            rows.add(List.of(
                    variant.name,
                    Figures.one(variant.cpuMicros),
                    Figures.one(variant.warmCpuMicros),
                    Figures.two(variant.warmCpuOfBareLoop),
                    variant.allocatedKb == null ? "–" : Figures.one(variant.allocatedKb),
                    Figures.whole(variant.changelogRecords)));
        }
        return new Table(
                List.of(
                        "cost of a task",
                        "CPU µs, with the start",
                        "CPU µs, second half",
                        "of the bare loop's",
                        "allocated KB",
                        "changelog records of the round"),
                rows);
    }
}
