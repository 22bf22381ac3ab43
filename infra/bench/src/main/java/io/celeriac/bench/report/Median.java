package io.celeriac.bench.report;

import java.util.List;

/** What stands for several rounds. */
public final class Median {

    private Median() {}

    /**
     * @param values in any order, at least one
     */
    public static double of(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : Rounded.to(3, (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }
}
