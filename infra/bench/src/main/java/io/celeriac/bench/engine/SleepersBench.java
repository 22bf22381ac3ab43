package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.bench.subject.Memory;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Many tasks that sleep for a second, sent at once to a worker that may run them all at once. */
final class SleepersBench {

    private static final long MILLIS = 1_000;

    private final Bench bench;
    private final InstantSource clock;
    private final @Nullable Path otherJavaHome;

    /**
     * @param otherJavaHome of a JVM beside the one that runs the harness; null for none
     */
    SleepersBench(Bench bench, InstantSource clock, @Nullable Path otherJavaHome) {
        this.bench = bench;
        this.clock = clock;
        this.otherJavaHome = otherJavaHome;
    }

    Sleepers run() {
        var variants = new ArrayList<Sleepers.Variant>();
        variants.add(measured(null));
        if (otherJavaHome != null) {
            variants.add(measured(otherJavaHome));
        }
        return new Sleepers(bench.parameters().sleepers(), List.copyOf(variants));
    }

    private Sleepers.Variant measured(@Nullable Path javaHome) {
        var tasks = bench.parameters().sleepers();
        try (var installation = bench.harness()
                        .installation("sleepers", bench.parameters().partitions());
                var results = installation.results();
                var worker = bench.worker(javaHome, installation, "concurrency=" + tasks)) {
            worker.awaitReady();
            installation.preload(
                    tasks,
                    number -> Task.named(EngineWorkerMain.SLEEP)
                            .id(TaskIds.of(number))
                            .args(MILLIS)
                            .build());
            var arrivals = results.await(tasks, new Arrivals(1), worker);
            var seconds = Duration.between(arrivals.begun(), clock.instant()).toMillis() / 1_000.0;
            var memory = TaskJson.MAPPER.treeToValue(installation.call(EngineWorkerMain.MEMORY, worker), Memory.class);
            bench.tell("Java " + memory.java() + ": " + Figures.two(seconds) + " s");
            return new Sleepers.Variant(
                    memory.java(), memory.virtualThreads() ? "virtual" : "platform", Rounded.to(2, seconds));
        }
    }
}
