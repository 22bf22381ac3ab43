package io.celeriac.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.harness.Harness;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Keeps the engine from becoming a multiple of what it costs. It compares CPU time in one run, with that of the bare loop, so that a slow
 * or busy machine does not matter much. The bound is wide: both programs are still warming up in so short a run.
 */
class EngineCostIT {

    private static final int TASKS = 30_000;

    /** Measured when this was written, with 60,000 tasks on two busy cores: 2.2 and 2.5 in the second half of a run. */
    private static final double MOST_OF_BARE_LOOP = 5;

    @Test
    void aTaskCostsNotMuchMoreCpuThanInTheBareLoop() {
        try (var harness = Harness.start(List.of("-Xmx1g"))) {
            var bench = new Bench(harness, Parameters.quick().with(TASKS, 1), told -> {});

            var throughput = new ThroughputBench(bench, Map.of())
                    .only(ThroughputBench.BARE_LOOP, ThroughputBench.ENGINE)
                    .run();

            var engine = throughput.variants().get(1);
            assertThat(engine.name()).isEqualTo(ThroughputBench.ENGINE);
            assertThat(engine.warmCpuOfBareLoop())
                    .as("CPU of a task as a multiple of the bare loop's: %s", throughput)
                    .isBetween(0.5, MOST_OF_BARE_LOOP);
        }
    }
}
