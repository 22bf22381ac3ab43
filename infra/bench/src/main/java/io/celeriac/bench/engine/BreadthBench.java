package io.celeriac.bench.engine;

import io.celeriac.bench.harness.Arrivals;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The same tasks for a worker with one handler and one queue, with many handlers, and with many queues. */
final class BreadthBench {

    private static final int SAMPLE = 64;
    private static final Duration SETTLE = Duration.ofSeconds(3);

    private final Bench bench;
    private final int tasks;

    BreadthBench(Bench bench) {
        this.bench = bench;
        this.tasks = bench.parameters().tasks() / 5;
    }

    Breadth run() {
        var handlers = bench.parameters().handlers();
        var queues = bench.parameters().queues();
        var names = IntStream.range(1, queues).mapToObj(number -> "q" + number);
        return new Breadth(
                tasks,
                List.of(
                        variant("one handler, one queue", List.of(), ThroughputBench::task, 0),
                        variant(
                                Figures.whole(handlers) + " handlers, one queue",
                                List.of(),
                                number -> ofHandler(number, handlers),
                                handlers),
                        variant("one handler, " + queues + " queues", names.toList(), ThroughputBench::task, 0)));
    }

    private static Task ofHandler(int number, int handlers) {
        return ThroughputBench.task(EngineWorkerMain.NOOP + "-" + number % handlers, number);
    }

    private Breadth.Variant variant(String name, List<String> queues, IntFunction<Task> task, int handlers) {
        try (var installation =
                bench.harness().installation("breadth", bench.parameters().partitions())) {
            installation.addQueues(queues);
            var all = Stream.concat(Stream.of(TaskRules.DEFAULT_QUEUE), queues.stream())
                    .toList();
            try (var results = installation.results();
                    var worker = bench.worker(
                            installation, "queues=" + String.join(",", all), EngineWorkerMain.HANDLERS + handlers)) {
                worker.awaitReady();
                Patience.pause(SETTLE);
                var before = worker.cpu();
                var from = System.nanoTime();
                Patience.pause(Duration.ofSeconds(bench.parameters().idleSeconds()));
                var idle = worker.cpu().minus(before).toNanos() * 1_000.0 / (System.nanoTime() - from);
                before = worker.cpu();
                preload(installation, all, task);
                var perSecond =
                        results.await(tasks, new Arrivals(SAMPLE), worker).perSecond();
                var cpu = worker.cpu().minus(before);
                var resident = worker.residentBytes();
                bench.tell(
                        name + ": " + Figures.whole(perSecond) + " tasks/s, idle CPU " + Figures.whole(idle) + " ms/s");
                return new Breadth.Variant(
                        name,
                        perSecond,
                        Rounded.to(1, cpu.toNanos() / 1e3 / tasks),
                        Rounded.to(1, idle),
                        resident == null ? null : resident >> 20);
            }
        }
    }

    private void preload(Installation installation, List<String> queues, IntFunction<Task> task) {
        installation.preloadQueues(tasks, task, number -> queues.get(number % queues.size()));
    }
}
