package io.celeriac.bench.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Percentiles;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The picture of a whole run: four charts, and the machine below them. */
final class EngineChart {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 380;
    private static final int FOOT = 30;
    private static final List<Color> COLORS =
            List.of(new Color(0x33, 0x66, 0xAA), new Color(0xE0, 0x8A, 0x1E), new Color(0x4C, 0x9A, 0x5B));

    /** Beyond a hundredth of a point, which are half of the file. */
    private static final Pattern NEEDLESS_DIGITS = Pattern.compile("(\\.\\d\\d)\\d+");

    private EngineChart() {}

    /**
     * @param report with all parts
     */
    static void write(Path file, EngineReport report) {
        var picture = new VectorGraphics2D();
        paint(picture, 0, 0, throughput(Objects.requireNonNull(report.throughput())));
        paint(picture, 1, 0, roundTrip(Objects.requireNonNull(report.roundTrip())));
        paint(picture, 0, 1, lateness(Objects.requireNonNull(report.lateness())));
        paint(picture, 1, 1, scaling(Objects.requireNonNull(report.scaling())));
        foot(picture, report.machine());
        var size = new PageSize(2 * WIDTH, 2 * HEIGHT + FOOT);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var svg = new ByteArrayOutputStream();
            new SVGProcessor().getDocument(picture.getCommands(), size).writeTo(svg);
            Files.writeString(file, NEEDLESS_DIGITS.matcher(svg.toString(UTF_8)).replaceAll("$1"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static void paint(VectorGraphics2D picture, int column, int row, Chart<?, ?> chart) {
        var place = (Graphics2D) picture.create();
        place.translate(column * WIDTH, row * HEIGHT);
        chart.paint(place, WIDTH, HEIGHT);
        place.dispose();
    }

    private static void foot(VectorGraphics2D picture, Machine machine) {
        picture.setColor(Color.WHITE);
        picture.fillRect(0, 2 * HEIGHT, 2 * WIDTH, FOOT);
        picture.setColor(Color.DARK_GRAY);
        picture.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        picture.drawString("Measured on " + machine.line(), 12, 2 * HEIGHT + 18);
    }

    private static CategoryChart throughput(Throughput throughput) {
        var chart = bars("Throughput of tasks that do nothing", "tasks/s");
        chart.getStyler().setXAxisLabelRotation(20).setLegendVisible(false);
        chart.addSeries(
                "tasks/s",
                throughput.variants().stream().map(Throughput.Variant::name).toList(),
                throughput.variants().stream()
                        .map(Throughput.Variant::tasksPerSecond)
                        .toList());
        return chart;
    }

    private static CategoryChart roundTrip(RoundTrip roundTrip) {
        var chart = bars("Idle round trip: send to visible result", "ms");
        var names = roundTrip.variants().stream().map(RoundTrip.Variant::name).toList();
        addPercentiles(
                chart,
                names,
                roundTrip.variants().stream().map(RoundTrip.Variant::millis).toList());
        return chart;
    }

    private static void addPercentiles(CategoryChart chart, List<String> names, List<Percentiles> percentiles) {
        chart.addSeries("p50", names, percentiles.stream().map(Percentiles::p50).toList());
        chart.addSeries("p95", names, percentiles.stream().map(Percentiles::p95).toList());
        chart.addSeries("p99", names, percentiles.stream().map(Percentiles::p99).toList());
    }

    private static CategoryChart lateness(Lateness lateness) {
        var chart = bars("Start minus eta of " + Figures.whole(due(lateness)) + " due tasks", "ms");
        var names = lateness.variants().stream()
                .map(variant -> Figures.whole(variant.parked()) + " parked, " + variant.store())
                .toList();
        addPercentiles(
                chart,
                names,
                lateness.variants().stream().map(Lateness.Variant::millis).toList());
        return chart;
    }

    private static long due(Lateness lateness) {
        return lateness.variants().get(0).millis().count();
    }

    private static XYChart scaling(Scaling scaling) {
        var chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("Tasks of 100 ms, one at a time in each partition")
                .xAxisTitle("partitions")
                .yAxisTitle("tasks/s")
                .build();
        style(chart.getStyler());
        var partitions =
                scaling.steps().stream().map(step -> (double) step.partitions()).toList();
        chart.addSeries(
                "measured",
                partitions,
                scaling.steps().stream().map(Scaling.Step::tasksPerSecond).toList());
        chart.addSeries(
                        "linear",
                        partitions,
                        scaling.steps().stream().map(Scaling.Step::linear).toList())
                .setMarker(SeriesMarkers.NONE);
        chart.getStyler().setXAxisMin(0.0).setYAxisMin(0.0);
        return chart;
    }

    private static CategoryChart bars(String title, String unit) {
        var chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(unit)
                .build();
        style(chart.getStyler());
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        chart.getStyler().setAvailableSpaceFill(.8);
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        styler.setSeriesColors(COLORS.toArray(Color[]::new));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        styler.setLegendPosition(LegendPosition.InsideNW);
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setDecimalPattern("#,##0.#");
    }
}
