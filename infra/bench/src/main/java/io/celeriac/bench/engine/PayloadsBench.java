package io.celeriac.bench.engine;

import io.celeriac.bench.engine.Payloads.Size;
import io.celeriac.bench.report.Figures;
import io.celeriac.contract.task.Task;
import java.util.Map;

/** The throughput again, with arguments of some size. The handler does nothing with them, and the result has none of them. */
final class PayloadsBench {

    private final Bench bench;

    PayloadsBench(Bench bench) {
        this.bench = bench;
    }

    Payloads run() {
        return new Payloads(
                bench.parameters().payloads().stream().map(this::size).toList());
    }

    private Size size(int bytes) {
        bench.tell(Figures.whole(bytes) + " bytes:");
        var tasks = Math.max(50, (int) (bench.parameters().payloadMegabytes() * 1_000_000L / bytes));
        var argument = "x".repeat(bytes);
        var throughput = new ThroughputBench(bench, Map.of(), tasks, number -> with(number, argument))
                .only(ThroughputBench.BARE_LOOP, ThroughputBench.ENGINE)
                .run();
        return new Size(bytes, throughput);
    }

    private static Task with(int number, String argument) {
        return ThroughputBench.task(number).toBuilder()
                .kwarg("document", argument)
                .build();
    }
}
