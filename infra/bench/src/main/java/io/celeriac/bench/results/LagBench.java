package io.celeriac.bench.results;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.Samples;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.subject.EngineWorkerMain;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A worker that drains preloaded tasks, and a materializer beside it on the same machine. */
final class LagBench {

    private static final double NANOS = 1e9;

    private final Bench bench;

    LagBench(Bench bench) {
        this.bench = bench;
    }

    Lag run() {
        return new Lag(
                bench.parameters().lagTasks(),
                List.of(measured("with rows for tasks that wait", true), measured("without these", false)));
    }

    private Lag.Variant measured(String name, boolean pending) {
        var tasks = bench.parameters().lagTasks();
        try (var installation = bench.installation("lag");
                var schema = bench.schema("lag")) {
            installation.preload(tasks, new Samples(bench.parameters().seed())::noop);
            try (var materializer =
                            bench.materializer(installation, schema, "celeriac.results.pending.enabled=" + pending);
                    var worker = bench.harness()
                            .start(
                                    EngineWorkerMain.class,
                                    installation.arguments(
                                            "state-dir=" + bench.harness().newDirectory()))) {
                materializer.awaitReady();
                worker.awaitReady();
                var variant = measured(name, installation, schema, worker, materializer, pending);
                bench.tell(name + ": engine " + Figures.whole(variant.tasksPerSecond()) + " tasks/s, "
                        + Figures.whole(variant.behindRecords()) + " results behind, caught up after "
                        + Figures.one(variant.caughtUpSeconds()) + " s");
                return variant;
            }
        }
    }

    private Lag.Variant measured(
            String name,
            Installation installation,
            Schema schema,
            Program worker,
            Program materializer,
            boolean pending) {
        var tasks = bench.parameters().lagTasks();
        var ends = new TreeMap<Long, Long>(); // results, and when there were as many
        var perSecond = new Growth(() -> seen(installation, ends), worker).perSecondUpTo(tasks);
        var done = System.nanoTime();
        var written = schema.repository().written(installation.resultsTopic());
        new Growth(() -> schema.repository().written(installation.resultsTopic()), materializer)
                .awaitAtLeast(installation.resultRecords());
        if (pending) {
            new Growth(() -> schema.repository().written(installation.tasksTopic()), materializer).awaitAtLeast(tasks);
        }
        var caughtUp = System.nanoTime();
        return new Lag.Variant(
                name,
                perSecond,
                Math.max(0, tasks - written),
                Rounded.to(1, Math.max(0, done - whenThereWere(written, ends)) / NANOS),
                Rounded.to(1, (caughtUp - done) / NANOS));
    }

    private static long seen(Installation installation, Map<Long, Long> ends) {
        var records = installation.resultRecords();
        ends.putIfAbsent(records, System.nanoTime());
        return records;
    }

    private static long whenThereWere(long records, NavigableMap<Long, Long> ends) {
        var entry = ends.ceilingEntry(records);
        return entry == null ? ends.lastEntry().getValue() : entry.getValue();
    }
}
