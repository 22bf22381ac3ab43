package io.celeriac.web.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A chart as its page draws it: in a box of {@value #WIDTH} by {@value #HEIGHT}, with sizes as attributes, as the content security
 * policy allows no styles. A table with the same numbers stands beside it for readers who do not see it.
 *
 * @param name of the chart, in the reader's language
 * @param lines each with its points, gaps where a number is not known
 * @param bars true: bars from the bottom, for counts that are mostly zero
 * @param scale labels of the vertical axis: top, middle, zero
 * @param times labels of the horizontal axis, evenly spaced
 * @param rows of the table
 */
public record Chart(
        String name, List<Line> lines, boolean bars, List<String> scale, List<String> times, List<Row> rows) {

    static final int WIDTH = 600;
    static final int HEIGHT = 100;

    private static final int LABELS = 5;
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;

    /** Lengths of time whose halves are read as easily, in seconds. */
    private static final double[] TIMES = {
        MINUTE,
        2 * MINUTE,
        4 * MINUTE,
        10 * MINUTE,
        20 * MINUTE,
        40 * MINUTE,
        HOUR,
        2 * HOUR,
        4 * HOUR,
        8 * HOUR,
        12 * HOUR,
        DAY
    };

    /**
     * One line.
     *
     * @param name in the reader's language
     * @param last its last known value; a dash for none
     * @param segments points of its unbroken pieces, for {@code polyline}
     * @param columns for a chart of bars
     */
    public record Line(String name, String last, List<String> segments, List<Column> columns) {}

    /** A bar. */
    public record Column(String x, String y, String width, String height) {}

    /** A row of the table: the time, and a value for each line. */
    public record Row(String time, List<String> values) {}

    /** The numbers of one line; null where it is not known. */
    public record Numbers(String name, List<@Nullable Double> values) {}

    /**
     * Draws a chart.
     *
     * @param times of the numbers, as the axis shows them
     * @param format of a value
     */
    public static Chart of(
            String name, List<String> times, List<Numbers> numbers, boolean bars, DoubleFunction<String> format) {
        return of(name, times, numbers, bars, top(greatest(numbers)), format);
    }

    /**
     * Draws lines of lengths of time.
     *
     * @param times of the numbers, as the axis shows them
     * @param seconds one line each
     * @param format of a length in seconds
     */
    public static Chart ofSeconds(
            String name, List<String> times, List<Numbers> seconds, DoubleFunction<String> format) {
        return of(name, times, seconds, false, topOfTimes(greatest(seconds)), format);
    }

    private static double greatest(List<Numbers> numbers) {
        return numbers.stream()
                .flatMap(line -> line.values().stream())
                .mapToDouble(value -> value == null ? 0 : value)
                .max()
                .orElse(0);
    }

    private static Chart of(
            String name,
            List<String> times,
            List<Numbers> numbers,
            boolean bars,
            double top,
            DoubleFunction<String> format) {
        var lines = numbers.stream()
                .map(line -> new Line(
                        line.name(),
                        last(line, format),
                        bars ? List.of() : segments(line, top),
                        bars ? columns(line, top) : List.of()))
                .toList();
        var scale = List.of(format.apply(top), format.apply(top / 2), format.apply(0));
        var rows = IntStream.range(0, times.size())
                .mapToObj(at -> new Row(
                        times.get(at),
                        numbers.stream()
                                .map(line -> text(line.values().get(at), format))
                                .toList()))
                .toList();
        return new Chart(name, lines, bars, scale, labels(times), rows);
    }

    private static String text(@Nullable Double value, DoubleFunction<String> format) {
        return value == null ? Show.UNKNOWN : format.apply(value);
    }

    private static String last(Numbers line, DoubleFunction<String> format) {
        for (var at = line.values().size() - 1; at >= 0; at--) {
            var value = line.values().get(at);
            if (value != null) {
                return format.apply(value);
            }
        }
        return Show.UNKNOWN;
    }

    /** The round number at or above the greatest value, so that the labels can be read. */
    static double top(double greatest) {
        if (greatest <= 0) {
            return 1;
        }
        var power = Math.pow(10, Math.floor(Math.log10(greatest)));
        for (var step : STEPS) {
            if (step * power >= greatest) {
                return step * power;
            }
        }
        return 10 * power;
    }

    /** The same for a length of time in seconds: above half a minute, whole minutes, hours and days. */
    static double topOfTimes(double greatest) {
        if (greatest <= MINUTE / 2) {
            return top(greatest);
        }
        return Arrays.stream(TIMES)
                .filter(time -> time >= greatest)
                .findFirst()
                .orElseGet(() -> DAY * top(greatest / DAY));
    }

    private static List<String> segments(Numbers line, double top) {
        var segments = new ArrayList<String>();
        var points = new StringBuilder();
        var values = line.values();
        for (var at = 0; at < values.size(); at++) {
            var value = values.get(at);
            if (value == null) {
                addSegment(segments, points);
                continue;
            }
            points.append(points.isEmpty() ? "" : " ")
                    .append(number(WIDTH * at / (double) Math.max(1, values.size() - 1)))
                    .append(',')
                    .append(number(HEIGHT - HEIGHT * value / top));
        }
        addSegment(segments, points);
        return segments;
    }

    /** A point alone becomes a short line, so that it is seen. */
    private static void addSegment(List<String> segments, StringBuilder points) {
        if (!points.isEmpty()) {
            var text = points.toString();
            segments.add(text.indexOf(' ') < 0 ? text + " " + text.replaceFirst("^[^,]+", nudged(text)) : text);
            points.setLength(0);
        }
    }

    private static String nudged(String point) {
        return number(Double.parseDouble(point.substring(0, point.indexOf(','))) + 2);
    }

    private static List<Column> columns(Numbers line, double top) {
        var count = line.values().size();
        var width = WIDTH / (double) Math.max(1, count);
        return IntStream.range(0, count)
                .filter(at -> line.values().get(at) != null && line.values().get(at) > 0)
                .mapToObj(at -> {
                    var height = Math.max(1, HEIGHT * line.values().get(at) / top);
                    return new Column(
                            number(at * width + width * 0.2),
                            number(HEIGHT - height),
                            number(width * 0.6),
                            number(height));
                })
                .toList();
    }

    private static List<String> labels(List<String> times) {
        if (times.size() <= LABELS) {
            return times;
        }
        return IntStream.range(0, LABELS)
                .mapToObj(at -> times.get(at * (times.size() - 1) / (LABELS - 1)))
                .toList();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
