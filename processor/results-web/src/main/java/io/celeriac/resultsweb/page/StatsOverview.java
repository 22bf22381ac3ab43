package io.celeriac.resultsweb.page;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.EndedTasks;
import io.celeriac.results.count.EndedTasks.Times;
import io.celeriac.results.count.FailedTasks;
import io.celeriac.resultsweb.stats.DeepestQueues;
import io.celeriac.resultsweb.stats.Stats;
import io.celeriac.resultsweb.stats.StatsController;
import io.celeriac.resultsweb.task.TaskCountController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.SharedAnswers;
import io.celeriac.web.page.Chart;
import io.celeriac.web.page.OverviewPart;
import io.celeriac.web.page.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What ended, how it ended and how long it took, as a part of the overview. */
class StatsOverview implements OverviewPart {

    private static final int FIRST = 10;
    private static final int FAILURES = 5;
    private static final int WINDOWS = 10;
    private static final Duration GOOD_FOR = Duration.ofSeconds(5);

    /** Failures of more than this share of what ended are worth a sentence. */
    private static final double MANY_FAILURES = 0.05;

    private final StatsController stats;
    private final TaskCountController counts;
    private final DeepestQueues deepest;
    private final InstantSource clock;
    private final SharedAnswers<Asked, List<FailedTasks>> failures;

    /**
     * @param queues only these; null for all
     */
    private record Asked(Duration window, @Nullable Set<String> queues) {}

    StatsOverview(StatsController stats, TaskCountController counts, DeepestQueues deepest, InstantSource clock) {
        this.stats = stats;
        this.counts = counts;
        this.deepest = deepest;
        this.clock = clock;
        failures = new SharedAnswers<>(
                this::failuresOf, GOOD_FOR, SharedAnswers.Room.forAnswers(WINDOWS), clock, Ticker.systemTicker());
    }

    private List<FailedTasks> failuresOf(Asked asked) {
        return counts.recentFailures(asked.window(), asked.queues(), FAILURES);
    }

    @Override
    public int order() {
        return FIRST;
    }

    @Override
    public Contribution look(Caller caller, Duration window, Show show) {
        if (!caller.may(Authority.TASK_READ)) {
            return Contribution.NONE;
        }
        var now = clock.instant();
        var present = stats(now.minus(window), now, caller);
        var before = stats(now.minus(window.multipliedBy(2)), now.minus(window), caller);
        var groups = failures.answer(new Asked(window, caller.queues()));
        var charts = Stream.concat(
                        StatsCharts.of(present, show).stream(),
                        DepthCharts.ready(deepest.within(window, caller), show).stream())
                .toList();
        return new Contribution(
                findings(present.total(), window, show),
                numbers(present.total(), before.total(), window, show),
                new Section("celeriac/tasks/overview", "charts", false, model(charts, groups, window)));
    }

    private Stats stats(Instant from, Instant to, Caller caller) {
        return stats.ungrouped(from, to, null, caller);
    }

    private static List<Finding> findings(EndedTasks total, Duration window, Show show) {
        var ended = total.succeeded() + total.failed();
        if (total.failed() == 0) {
            return List.of();
        }
        if (total.failed() <= MANY_FAILURES * ended) {
            return List.of(new Finding(
                    Gravity.NOTE,
                    show.text("stats.failing.few.name", total.failed()),
                    failed(window),
                    show.text("stats.failing.few", show.percent(total.failed(), ended), show.percent(5, 100))));
        }
        return List.of(new Finding(
                Gravity.FAIL,
                show.text("stats.failing.name"),
                failed(window),
                show.text("stats.failing", show.percent(total.failed(), ended), show.number(total.failed()))));
    }

    private static String failed(Duration window) {
        return "/tasks?q=state:FAILURE%20since:" + window.toMinutes() + "m";
    }

    private static List<KeyNumber> numbers(EndedTasks now, EndedTasks before, Duration window, Show show) {
        var since = window.toMinutes() + "m";
        var ended = now.succeeded() + now.failed();
        return List.of(
                new KeyNumber(
                        show.text("stats.finished"),
                        show.number(Math.round(600 * now.perSecond()) / 10.0),
                        show.text("stats.perMinute"),
                        show.text("stats.was", show.number(Math.round(600 * before.perSecond()) / 10.0)),
                        "",
                        "/tasks?q=since:" + since),
                new KeyNumber(
                        show.text("stats.failures"),
                        show.percent(now.failed(), ended),
                        "",
                        show.number(now.failed()),
                        now.failed() > 0 ? "fail" : "",
                        failed(window)),
                time(show.text("stats.wait"), now.waited(), before.waited(), "/tasks?q=state:PENDING", show),
                time(show.text("stats.run"), now.ran(), before.ran(), "/tasks?q=since:" + since, show));
    }

    private static KeyNumber time(String name, @Nullable Times now, @Nullable Times before, String path, Show show) {
        return new KeyNumber(
                name,
                show.seconds(now == null ? null : now.p95()),
                "",
                before == null ? "" : show.text("stats.was", show.seconds(before.p95())),
                "",
                path);
    }

    private static Map<String, @Nullable Object> model(List<Chart> charts, List<FailedTasks> groups, Duration window) {
        var model = new HashMap<String, @Nullable Object>();
        model.put("charts", charts);
        model.put("failures", groups);
        model.put("since", window.toMinutes() + "m");
        return model;
    }
}
