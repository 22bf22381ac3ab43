package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.TablesRepository;
import io.celeriac.contract.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Visits each page again and again, one after the other, so seldom that none gets what a visit before has found. */
final class PagesBench {

    private static final int WARM_UP = 3;
    private static final int WORKERS = 10;
    private static final String[] COMPRESSED = {"Accept-Encoding", "gzip"};
    private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"([^\"#]*/assets/[^\"#]+)");
    private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

    private final Bench bench;
    private final ManyRows many;

    PagesBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Pages run() {
        var schema = many.schema();
        try (var installation = bench.installation("pages");
                var gateway = bench.gateway(installation, schema);
                var heartbeats = new SimulatedWorkers(installation, WORKERS, bench.clock()).start()) {
            var calls = gateway.calls();
            ConsolePages.makeSchedules(calls);
            Patience.await(
                    "the workers are known",
                    Duration.ofMinutes(5),
                    () -> calls.json("/api/workers").size() == WORKERS);
            var visits = new LinkedHashMap<String, Visits>();
            ConsolePages.all(schema.repository().latest(TaskState.FAILURE))
                    .forEach((name, path) -> visits.put(name, new Visits(path)));
            for (var round = 0; round < WARM_UP + bench.parameters().visits(); round++) {
                var next =
                        System.nanoTime() + bench.parameters().betweenVisits().toNanos();
                for (var page : visits.values()) {
                    page.visit(calls, schema.repository(), round >= WARM_UP);
                }
                Patience.pause(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            }
            heartbeats.requireNoFailure();
            var variants = new ArrayList<Pages.Variant>();
            visits.forEach((name, page) -> variants.add(told(page.variant(name, new Assets(calls)))));
            return new Pages(bench.parameters().rows(), variants);
        }
    }

    private Pages.Variant told(Pages.Variant page) {
        bench.tell(page.path() + ": p50 " + Figures.one(page.firstByteMillis().p50()) + " ms, p99 "
                + Figures.one(page.firstByteMillis().p99()) + " ms, " + Figures.whole(page.all() / 1_000.0) + " KB, "
                + Figures.whole(page.selects()) + " questions");
        return page;
    }

    /** The visits of one page. */
    private static final class Visits {

        private final String path;
        private final Histogram micros = new Histogram(3);
        private final List<Double> selects = new ArrayList<>();
        private Calls.Answer last = new Calls.Answer(0, new byte[0], false, 0, 0);

        Visits(String path) {
            this.path = path;
        }

        void visit(Calls calls, TablesRepository tables, boolean counts) {
            var before = tables.selects();
            last = Calls.expect(200, calls.get(path, COMPRESSED));
            if (counts) {
                micros.recordValue(last.firstByteMicros());
                selects.add((double) (tables.selects() - before));
            }
        }

        Pages.Variant variant(String name, Assets assets) {
            var html = last.body().length;
            return new Pages.Variant(
                    name, Percentiles.of(micros), html, html + assets.bytes(last.text()), Median.of(selects));
        }
    }

    /** What a page loads. */
    private static final class Assets {

        private final Calls calls;
        private final Map<String, Calls.Answer> found = new HashMap<>();

        Assets(Calls calls) {
            this.calls = calls;
        }

        long bytes(String html) {
            var all = new LinkedHashSet<String>();
            var matcher = ASSET.matcher(html);
            while (matcher.find()) {
                add(matcher.group(1), all);
            }
            return all.stream().mapToLong(path -> answer(path).body().length).sum();
        }

        private void add(String path, Set<String> all) {
            if (all.add(path) && path.contains(".js")) {
                var imported = IMPORT.matcher(answer(path).text());
                while (imported.find()) {
                    add(path.substring(0, path.lastIndexOf('/') + 1) + imported.group(1), all);
                }
            }
        }

        private Calls.Answer answer(String path) {
            return found.computeIfAbsent(path, asset -> Calls.expect(200, calls.get(asset, COMPRESSED)));
        }
    }
}
