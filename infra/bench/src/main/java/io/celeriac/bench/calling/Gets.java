package io.celeriac.bench.calling;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Table;
import java.util.List;

/**
 * How long a caller waits for the result of a task that does nothing.
 *
 * @param alone while nobody else waits
 * @param among while others wait for tasks that do not end
 * @param waiting how many the others are
 * @param heapBytes what the others hold of the heap, with their tasks' handles
 * @param together from the send to the result, when as many send and wait at once
 */
record Gets(Percentiles alone, Percentiles among, int waiting, long heapBytes, Percentiles together)
        implements Measured {

    private static final double KILOBYTE = 1_024;

    @Override
    public List<Table> tables() {
        return List.of(new Table(
                List.of("one `get`", "p50 ms", "p95 ms", "p99 ms", "heap of those that wait, MB", "KB each"),
                List.of(
                        row("alone", alone, "–", "–"),
                        row(
                                "while " + Figures.whole(waiting) + " others wait",
                                among,
                                Figures.one(heapBytes / KILOBYTE / KILOBYTE),
                                Figures.two(heapBytes / KILOBYTE / waiting)),
                        row(Figures.whole(waiting) + " at once", together, "–", "–"))));
    }

    private static List<String> row(String name, Percentiles millis, String heap, String each) {
        return List.of(
                name, Figures.one(millis.p50()), Figures.one(millis.p95()), Figures.one(millis.p99()), heap, each);
    }
}
