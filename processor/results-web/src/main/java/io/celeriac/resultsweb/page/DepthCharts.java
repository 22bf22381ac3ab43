package io.celeriac.resultsweb.page;

import io.celeriac.resultsweb.stats.QueueHistory;
import io.celeriac.resultsweb.stats.QueueHistory.Step;
import io.celeriac.web.page.Chart;
import io.celeriac.web.page.Show;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Draws how full a queue was, and how long its oldest task had been ready. */
final class DepthCharts {

    private DepthCharts() {}

    /** Ready tasks of several queues over the same steps, one line each; empty for no queues. */
    static Optional<Chart> ready(List<QueueHistory> queues, Show show) {
        return queues.stream()
                .findFirst()
                .map(first -> Chart.of(
                        show.text("stats.chart.deepest"),
                        first.steps().stream().map(step -> show.axis(step.at())).toList(),
                        queues.stream()
                                .map(queue -> numbers(queue, queue.queue(), step -> number(step.ready())))
                                .toList(),
                        false,
                        show::number));
    }

    /** The two charts of a queue. */
    static List<Chart> of(QueueHistory history, Show show) {
        var times = history.steps().stream().map(step -> show.axis(step.at())).toList();
        return List.of(
                Chart.of(
                        show.text("stats.chart.depth"),
                        times,
                        List.of(
                                numbers(history, show.text("stats.chart.ready"), step -> number(step.ready())),
                                numbers(history, show.text("stats.chart.parked"), step -> number(step.parked())),
                                numbers(history, show.text("stats.chart.running"), step -> number(step.running()))),
                        false,
                        show::number),
                Chart.ofSeconds(
                        show.text("stats.chart.oldest"),
                        times,
                        List.of(numbers(history, show.text("stats.chart.ready"), DepthCharts::oldest)),
                        show::seconds));
    }

    /** Nothing was ready where the number of ready tasks is known and the age is not. */
    private static @Nullable Double oldest(Step step) {
        var isEmpty = step.ready() != null && step.ready() == 0;
        return step.oldestReadyAge() == null && isEmpty ? Double.valueOf(0) : step.oldestReadyAge();
    }

    private static @Nullable Double number(@Nullable Long number) {
        return number == null ? null : number.doubleValue();
    }

    private static Chart.Numbers numbers(QueueHistory history, String name, Function<Step, @Nullable Double> value) {
        return new Chart.Numbers(
                name, history.steps().stream().<@Nullable Double>map(value).toList());
    }
}
