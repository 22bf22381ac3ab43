package io.celeriac.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table with the names of things in its first column and numbers in the others.
 *
 * @param header one for each column
 * @param rows each as long as the header
 */
public record Table(List<String> header, List<List<String>> rows) {

    public Table {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
        for (var row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("row " + row + " does not fit the header " + header);
            }
        }
    }

    /** For a terminal. */
    public String text() {
        var widths = IntStream.range(0, header.size()).map(this::width).toArray();
        return lines().stream()
                .map(row -> join(row.size(), "  ", i -> padded(row.get(i), widths[i], i == 0)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** For a page. */
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add(markdown(header));
        lines.add("|" + join(header.size(), "|", i -> i == 0 ? "---" : "---:") + "|");
        rows.forEach(row -> lines.add(markdown(row)));
        return String.join("\n", lines) + "\n";
    }

    private static String markdown(List<String> row) {
        return "| " + String.join(" | ", row) + " |";
    }

    private List<List<String>> lines() {
        var lines = new ArrayList<List<String>>();
        lines.add(header);
        lines.addAll(rows);
        return lines;
    }

    private int width(int column) {
        return lines().stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String padded(String cell, int width, boolean left) {
        var space = " ".repeat(width - cell.length());
        return left ? cell + space : space + cell;
    }

    private static String join(int columns, String separator, IntFunction<String> cell) {
        return IntStream.range(0, columns).mapToObj(cell).collect(Collectors.joining(separator));
    }
}
