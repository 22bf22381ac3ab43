package io.celeriac.controlweb.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bar of counts side by side, to scale. */
public final class SplitBar {

    private static final double WIDTH = 1_000;
    private static final double LEAST = 8;
    private static final double GAP = 3;

    /**
     * A part of the bar.
     *
     * @param name what it counts, also the end of its class
     * @param count how many
     * @param x where it begins, of 1,000
     * @param width of 1,000
     */
    public record Part(String name, long count, double x, double width) {}

    private SplitBar() {}

    /** Every part is wide enough to be seen; the rest is to scale. What counts nothing has no part. */
    static List<Part> of(Map<String, Long> counts) {
        var shown = counts.entrySet().stream().filter(one -> one.getValue() > 0).toList();
        var total = shown.stream().mapToLong(Map.Entry::getValue).sum();
        var free = WIDTH - LEAST * shown.size() - GAP * (shown.size() - 1);
        var parts = new ArrayList<Part>();
        var x = 0.0;
        for (var one : shown) {
            var width = LEAST + Math.max(0, free) * one.getValue() / total;
            parts.add(new Part(one.getKey(), one.getValue(), rounded(x), rounded(width)));
            x += width + GAP;
        }
        return parts;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
