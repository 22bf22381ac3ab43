package io.celeriac.bench.calling;

import io.celeriac.bench.report.Median;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.subject.EngineWorkerMain;
import io.celeriac.client.workflow.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Chains of tasks that do nothing, one after the other, and single tasks between them. */
final class ChainBench {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int TASKS_A_ROUND = 10;

    private final Bench bench;

    ChainBench(Bench bench) {
        this.bench = bench;
    }

    Chain run() {
        var steps = bench.parameters().chain();
        try (var installation = bench.installation("chain");
                var worker = bench.worker(installation);
                var coordinator = bench.coordinator(installation);
                var client = bench.client(installation)) {
            var chains = new ArrayList<Double>();
            var tasks = new ArrayList<Double>();
            for (int round = 0; round <= bench.parameters().repeats(); round++) {
                var chain = millis(client, steps);
                for (int i = 0; i < TASKS_A_ROUND; i++) {
                    tasks.add(GetsBench.roundTrip(client) / 1_000.0);
                }
                if (round == 0) { // warms up
                    tasks.clear();
                } else {
                    chains.add(chain / steps);
                }
            }
            if (worker.cpu().isZero() || coordinator.cpu().isZero()) {
                throw new IllegalStateException("a program has done nothing" + worker.logTail());
            }
            var step = Median.of(chains);
            var task = Median.of(tasks);
            return new Chain(steps, Rounded.to(1, step), Rounded.to(1, task), Rounded.to(2, step / task));
        }
    }

    private static double millis(Client client, int steps) {
        Flow<JsonNode> chain = IntStream.range(1, steps)
                .mapToObj(number -> Flow.task(EngineWorkerMain.NOOP))
                .reduce(Flow.task(EngineWorkerMain.NOOP), Flow::then);
        var begun = System.nanoTime();
        Waiting.forIt(client.workflows().send(chain).result().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        return SubmitBench.seconds(begun) * 1_000;
    }
}
