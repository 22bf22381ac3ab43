package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.TaskIds;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.task.Task;

/** One worker in order mode {@code partition}, with as many threads as it has partitions. */
final class ScalingBench {

    private static final int MILLIS = 100;
    private static final double PER_PARTITION = 1_000.0 / MILLIS;

    private final Bench bench;

    ScalingBench(Bench bench) {
        this.bench = bench;
    }

    Scaling run() {
        return new Scaling(bench.parameters().scaling().stream().map(this::step).toList());
    }

    private Scaling.Step step(int partitions) {
        var tasks = partitions * bench.parameters().perPartition();
        try (var installation = bench.harness().installation("scaling", partitions)) {
            installation.preloadEvenly(
                    tasks,
                    number -> Task.named(EngineWorkerMain.SLEEP)
                            .id(TaskIds.of(number))
                            .args(MILLIS)
                            .build());
            try (var results = installation.results();
                    var worker = bench.worker(installation, "order=partition", "concurrency=" + partitions)) {
                worker.awaitReady();
                var perSecond = results.await(tasks, new Arrivals(1), worker).perSecond();
                var linear = partitions * PER_PARTITION;
                bench.tell("partitions " + partitions + ": " + Figures.one(perSecond) + " tasks/s");
                return new Scaling.Step(partitions, perSecond, linear, Rounded.to(2, perSecond / linear));
            }
        }
    }
}
