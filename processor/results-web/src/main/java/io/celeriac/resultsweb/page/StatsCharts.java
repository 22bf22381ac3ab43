package io.celeriac.resultsweb.page;

import io.celeriac.results.count.EndedTasks;
import io.celeriac.results.count.EndedTasks.Times;
import io.celeriac.resultsweb.stats.Stats;
import io.celeriac.web.page.Chart;
import io.celeriac.web.page.Show;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Draws submissions and throughput, failures, wait and run times. */
final class StatsCharts {

    private StatsCharts() {}

    /** The four charts. */
    static List<Chart> of(Stats stats, Show show) {
        var times = stats.steps().stream().map(step -> show.axis(step.at())).toList();
        var minutes = Math.max(1, stats.step().toMinutes());
        return List.of(
                Chart.of(
                        show.text("stats.chart.finished"),
                        times,
                        List.of(
                                counted(stats, show.text("stats.chart.ended"), ended -> ended.perSecond() * 60),
                                counted(
                                        stats,
                                        show.text("stats.chart.submitted"),
                                        ended -> ended.submittedPerSecond() * 60)),
                        false,
                        show::number),
                Chart.of(
                        show.text("stats.chart.failures"),
                        times,
                        List.of(counted(
                                stats, show.text("stats.chart.failed"), ended -> ended.failed() / (double) minutes)),
                        true,
                        show::number),
                Chart.ofSeconds(
                        show.text("stats.chart.wait"), times, percentiles(stats, EndedTasks::waited), show::seconds),
                Chart.ofSeconds(
                        show.text("stats.chart.run"), times, percentiles(stats, EndedTasks::ran), show::seconds));
    }

    private static Chart.Numbers counted(Stats stats, String name, ToDoubleFunction<EndedTasks> value) {
        return new Chart.Numbers(
                name,
                stats.steps().stream()
                        .<@Nullable Double>map(step -> value.applyAsDouble(step.ended()))
                        .toList());
    }

    private static List<Chart.Numbers> percentiles(Stats stats, Function<EndedTasks, @Nullable Times> times) {
        return List.of(
                percentile(stats, "p50", times, Times::p50),
                percentile(stats, "p95", times, Times::p95),
                percentile(stats, "p99", times, Times::p99));
    }

    /** Gaps where nothing ended. */
    private static Chart.Numbers percentile(
            Stats stats, String name, Function<EndedTasks, @Nullable Times> times, ToDoubleFunction<Times> value) {
        var values = new ArrayList<@Nullable Double>();
        for (var step : stats.steps()) {
            var found = times.apply(step.ended());
            values.add(found == null ? null : value.applyAsDouble(found));
        }
        return new Chart.Numbers(name, values);
    }
}
