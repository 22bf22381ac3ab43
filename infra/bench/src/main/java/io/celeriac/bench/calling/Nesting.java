package io.celeriac.bench.calling;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * What a level of nesting costs.
 *
 * @param variants the flattest first
 */
record Nesting(List<Variant> variants) implements Measured {

    /**
     * One depth: chains and groups in turn, each with a task and the next level.
     *
     * @param millis from the send to the result, the median
     * @param millisPerLevel the same by the levels
     * @param bytes that one workflow adds to all topics together
     * @param bytesPerLevel the same by the levels
     */
    record Variant(int depth, double millis, double millisPerLevel, double bytes, double bytesPerLevel) {}

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("levels", "ms", "ms a level", "bytes on all topics", "bytes a level"),
                variants.stream()
                        .map(variant -> List.of(
                                String.valueOf(variant.depth),
                                Figures.one(variant.millis),
                                Figures.one(variant.millisPerLevel),
                                Figures.whole(variant.bytes),
                                Figures.whole(variant.bytesPerLevel)))
                        .toList()));
    }
}
