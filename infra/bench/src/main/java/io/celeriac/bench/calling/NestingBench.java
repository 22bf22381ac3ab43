package io.celeriac.bench.calling;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Workflows of the same shape and more and more levels. Time and bytes should grow as the levels do. */
final class NestingBench {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Bench bench;

    NestingBench(Bench bench) {
        this.bench = bench;
    }

    Nesting run() {
        try (var installation = bench.installation("nesting");
                var worker = bench.worker(installation);
                var coordinator = bench.coordinator(installation);
                var client = bench.client(installation)) {
            bench.parameters().depths().forEach(depth -> measured(installation, client, depth)); // warms up
            var variants = bench.parameters().depths().stream()
                    .map(depth -> measured(installation, client, depth))
                    .toList();
            if (worker.cpu().isZero() || coordinator.cpu().isZero()) {
                throw new IllegalStateException("a program has done nothing" + worker.logTail());
            }
            return new Nesting(variants);
        }
    }

    private Nesting.Variant measured(Installation installation, Client client, int depth) {
        var repeats = bench.parameters().repeats();
        var before = installation.bytes();
        var times = new ArrayList<Double>();
        for (int i = 0; i < repeats; i++) {
            var begun = System.nanoTime();
            var workflow = Workflow.of(bench.clock().instant().toEpochMilli() + "-" + depth + "-" + i, node(depth));
            Waiting.forIt(client.workflows().send(workflow).result().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            times.add(SubmitBench.seconds(begun) * 1_000);
        }
        var millis = Median.of(times);
        var bytes = (installation.bytes() - before) / (double) repeats;
        return new Nesting.Variant(
                depth,
                Rounded.to(1, millis),
                Rounded.to(1, millis / depth),
                Rounded.to(0, bytes),
                Rounded.to(0, bytes / depth));
    }

    /** Levels of chains and groups in turn; the innermost is a task. */
    private static WorkflowNode node(int depth) {
        var task = WorkflowNode.task(new Signature(Task.of(EngineWorkerMain.NOOP), null, true));
        if (depth == 1) {
            return task;
        }
        var both = List.of(task, node(depth - 1));
        return depth % 2 == 0 ? WorkflowNode.chain(both) : WorkflowNode.group(both);
    }
}
