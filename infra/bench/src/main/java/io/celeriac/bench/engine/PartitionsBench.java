package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import java.time.Duration;

/** One worker, idle and then busy, with more and more partitions. */
final class PartitionsBench {

    private static final int SAMPLE = 64;
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Bench bench;
    private final int tasks;

    PartitionsBench(Bench bench) {
        this.bench = bench;
        this.tasks = bench.parameters().tasks() / 5;
    }

    Partitions run() {
        return new Partitions(
                tasks,
                bench.parameters().partitionCosts().stream().map(this::step).toList());
    }

    private Partitions.Step step(int partitions) {
        try (var installation = bench.harness().installation("partitions", partitions);
                var results = installation.results();
                var worker = bench.worker(installation)) {
            var ready = worker.awaitReady();
            var idle = idleCpuMillisPerSecond(worker);
            var before = worker.cpu();
            installation.preload(tasks, ThroughputBench::task);
            var perSecond = results.await(tasks, new Arrivals(SAMPLE), worker).perSecond();
            var cpu = worker.cpu().minus(before);
            var resident = worker.residentBytes();
            bench.tell(partitions + " partitions: idle CPU " + Figures.whole(idle) + " ms/s, "
                    + Figures.whole(perSecond) + " tasks/s");
            return new Partitions.Step(
                    partitions,
                    Rounded.to(1, ready.toMillis() / 1e3),
                    idle,
                    perSecond,
                    Rounded.to(1, cpu.toNanos() / 1e3 / tasks),
                    resident == null ? null : resident >> 20);
        }
    }

    private double idleCpuMillisPerSecond(Program worker) {
        Patience.pause(SETTLE);
        var before = worker.cpu();
        var from = System.nanoTime();
        Patience.pause(Duration.ofSeconds(bench.parameters().idleSeconds()));
        return Rounded.to(1, worker.cpu().minus(before).toNanos() * 1_000.0 / (System.nanoTime() - from));
    }
}
