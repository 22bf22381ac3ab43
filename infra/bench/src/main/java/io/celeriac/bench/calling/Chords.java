package io.celeriac.bench.calling;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * How many members a second a chord comes to.
 *
 * @param noops tasks that were sent without a workflow
 * @param noopsPerSecond how many of them came to a result, from the first send to the last result
 * @param variants each size of a chord
 */
record Chords(int noops, double noopsPerSecond, List<Variant> variants) implements Measured {

    private static final double MEGABYTE = 1 << 20;

    /**
     * One size.
     *
     * @param seconds from the send to the end of the body
     * @param perSecond members
     * @param ofNoops the same as a part of the rate without a workflow
     * @param coordinatorBytes what the system has given to the coordinator's process afterwards
     */
    record Variant(int members, double seconds, double perSecond, double ofNoops, long coordinatorBytes) {}

    @Override
    public List<Table> tables() {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(
                Figures.whole(noops) + " tasks without a workflow",
                Figures.one(noops / noopsPerSecond),
                Figures.whole(noopsPerSecond),
                "1.00",
                "–"));
        for (var variant : variants) {
            rows.add(List.of(
                    "a chord of " + Figures.whole(variant.members),
                    Figures.one(variant.seconds),
                    Figures.whole(variant.perSecond),
                    Figures.two(variant.ofNoops),
                    Figures.whole(variant.coordinatorBytes / MEGABYTE)));
        }
        return List.of(new Table(
                List.of("", "s", "tasks/s", "of those without a workflow", "coordinator's process, MB"), rows));
    }
}
