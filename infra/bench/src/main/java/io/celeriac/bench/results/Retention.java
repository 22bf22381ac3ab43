package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table that is kept at its size while results come.
 *
 * @param rows of {@code task_result} before
 * @param reckonedRows at the end, as those of the variants are
 * @param countedRows at the end
 */
record Retention(int rows, List<Variant> variants, long reckonedRows, long countedRows) implements Measured {

    /**
     * With the janitor or without.
     *
     * @param seconds that it was measured
     * @param first rows at its begin
     * @param last rows at its end
     * @param fewest rows there were on the way
     * @param most rows there were on the way
     * @param writtenPerSecond results that came into the tables
     * @param deletedPerSecond tasks that were deleted
     * @param writes transactions of the materializer
     * @param deletions transactions of the janitor; null without it
     */
    record Variant(
            String name,
            double seconds,
            long first,
            long last,
            long fewest,
            long most,
            double writtenPerSecond,
            double deletedPerSecond,
            Percentiles writes,
            @Nullable Percentiles deletions) {

        private Stream<List<String>> transactions() {
            var ofWrites = transactions("of the materializer, " + name, writes);
            return deletions == null
                    ? Stream.of(ofWrites)
                    : Stream.of(ofWrites, transactions("of the janitor", deletions));
        }

        private static List<String> transactions(String name, Percentiles millis) {
            return List.of(
                    name,
                    Figures.whole(millis.count()),
                    Figures.one(millis.p50()),
                    Figures.one(millis.p99()),
                    Figures.one(millis.max()));
        }
    }

    @Override
    public List<Table> tables() {
        return List.of(
                new Table(
                        List.of(
                                Figures.whole(rows) + " tasks",
                                "seconds",
                                "results/s",
                                "deleted/s",
                                "rows at first",
                                "at last",
                                "fewest – most"),
                        variants.stream()
                                .map(variant -> List.of(
                                        variant.name,
                                        Figures.whole(variant.seconds),
                                        Figures.whole(variant.writtenPerSecond),
                                        Figures.whole(variant.deletedPerSecond),
                                        Figures.whole(variant.first),
                                        Figures.whole(variant.last),
                                        Figures.range((double) variant.fewest, (double) variant.most)))
                                .toList()),
                new Table(
                        List.of("transactions", "count", "p50 ms", "p99 ms", "max ms"),
                        variants.stream().flatMap(Variant::transactions).toList()));
    }
}
