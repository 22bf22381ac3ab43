package io.celeriac.bench.results;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.bench.rows.TablesRepository.Group;
import io.celeriac.bench.subject.JanitorApplication;
import io.celeriac.bench.subject.MaterializerApplication;
import io.celeriac.contract.task.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Results that come at a constant rate into the large table, by way of the topic and a materializer; and a janitor whose rules
 * leave of each name and state as many tasks as there are, so that it deletes as many as come. Both are in this process, each
 * with connections of its own: the work is the database's.
 */
final class RetentionBench {

    private static final int WARM_UP = 6; // a sixth of what is measured
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Bench bench;
    private final ManyRows many;
    private final WatchedConnections writes = new WatchedConnections();
    private final WatchedConnections deletions = new WatchedConnections();

    RetentionBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Retention run() {
        var schema = many.schema();
        var counted = schema.repository().count("task_result");
        try (var installation = bench.installation("retention");
                var stream = new SteadyResults(bench, installation);
                var pool = schema.newPool();
                var materializer = materializer(installation, writes.watched(pool))) {
            requireRunning(materializer);
            var rows = new RowCount(
                    counted, () -> schema.repository().written(installation.resultsTopic()), deletions::deleted);
            var variants = new ArrayList<Retention.Variant>();
            variants.add(measured("without the janitor", rows, stream, installation));
            try (var other = schema.newPool();
                    var janitor = janitor(installation, deletions.watched(other), schema)) {
                requireRunning(janitor);
                variants.add(measured("with the janitor", rows, stream, installation));
            }
            awaitAllWritten(rows, installation);
            return new Retention(
                    bench.parameters().rows(),
                    variants,
                    rows.now(),
                    schema.repository().count("task_result"));
        }
    }

    private ConfigurableApplicationContext materializer(Installation installation, DataSource database) {
        return MaterializerApplication.program(MaterializerApplication.class, installation.arguments(), database)
                .properties("celeriac.results.pending.enabled=false")
                .run();
    }

    private ConfigurableApplicationContext janitor(Installation installation, DataSource database, Schema schema) {
        bench.tell("counting the tasks of each name and state");
        return MaterializerApplication.program(JanitorApplication.class, installation.arguments(), database)
                .properties(rules(schema.repository().groups()))
                .run();
    }

    /** As many as there are of each name and state that is written; what no rule names is kept. */
    private String[] rules(List<Group> groups) {
        var settings = new ArrayList<String>();
        settings.add("interval=" + bench.parameters().janitorInterval());
        for (var task : SpreadRepository.tasks()) {
            for (var state : List.of(TaskState.SUCCESS, TaskState.FAILURE)) {
                var count = groups.stream()
                        .filter(group -> group.task().equals(task) && group.state() == state)
                        .mapToLong(Group::count)
                        .sum();
                addRule(settings, "task=" + task, "state=" + state, "max-rows=" + Math.max(1, count));
            }
        }
        addRule(settings, "task=*");
        return settings.stream()
                .map(setting -> "celeriac.results.retention." + setting)
                .toArray(String[]::new);
    }

    private static void addRule(List<String> settings, String... rule) {
        var number =
                settings.stream().filter(setting -> setting.contains("].task=")).count();
        for (var setting : rule) {
            settings.add("rules[" + number + "]." + setting);
        }
    }

    private static void requireRunning(ConfigurableApplicationContext program) {
        if (!program.isRunning()) {
            throw new IllegalStateException("it has not started: " + program);
        }
    }

    private static void awaitAllWritten(RowCount rows, Installation installation) {
        Patience.await("all results are written", PATIENCE, () -> rows.written() == installation.resultRecords());
    }

    private Retention.Variant measured(String name, RowCount rows, SteadyResults stream, Installation installation) {
        stream.run(bench.parameters().retention().dividedBy(WARM_UP), () -> {});
        awaitAllWritten(rows, installation);
        writes.take();
        deletions.take();
        var first = rows.now();
        var written = rows.written();
        var deleted = rows.deleted();
        var seen = new ArrayList<>(List.of(first));
        var from = System.nanoTime();
        stream.run(bench.parameters().retention(), () -> seen.add(rows.now()));
        var seconds = (System.nanoTime() - from) / 1e9;
        var last = rows.now();
        seen.add(last);
        var come = rows.written() - written;
        var gone = rows.deleted() - deleted;
        var range = seen.stream().collect(Collectors.summarizingLong(row -> row));
        var variant = new Retention.Variant(
                name,
                Rounded.to(1, seconds),
                first,
                last,
                range.getMin(),
                range.getMax(),
                Rounded.to(1, come / seconds),
                Rounded.to(1, gone / seconds),
                writes.take(),
                someOrNull(deletions.take()));
        bench.tell(name + ": " + Figures.whole(variant.writtenPerSecond()) + " results/s come, "
                + Figures.whole(variant.deletedPerSecond()) + " tasks/s are deleted; writing transactions p99 "
                + Figures.one(variant.writes().p99()) + " ms, max "
                + Figures.one(variant.writes().max()) + " ms");
        return variant;
    }

    private static @Nullable Percentiles someOrNull(Percentiles percentiles) {
        return percentiles.count() == 0 ? null : percentiles;
    }
}
