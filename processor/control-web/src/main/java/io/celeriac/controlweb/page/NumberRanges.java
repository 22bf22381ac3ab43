package io.celeriac.controlweb.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeSet;

/** Whole numbers as ranges, such as {@code 0–3, 7}. */
final class NumberRanges {

    private NumberRanges() {}

    static String of(Collection<Integer> numbers) {
        var ranges = new ArrayList<String>();
        Integer from = null;
        Integer to = null;
        for (var number : new TreeSet<>(numbers)) {
            if (from == null || to == null || number != to + 1) {
                if (from != null && to != null) {
                    ranges.add(range(from, to));
                }
                from = number;
            }
            to = number;
        }
        if (from != null && to != null) {
            ranges.add(range(from, to));
        }
        return String.join(", ", ranges);
    }

    private static String range(int from, int to) {
        return from == to ? String.valueOf(from) : from + (to == from + 1 ? ", " : "–") + to;
    }
}
