package io.celeriac.bench.engine;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the parts that are asked for, one after the other, and tells each as soon as it is there. */
final class EngineBench {

    private final Bench bench;
    private final Set<Part> parts;
    private final InstantSource clock;
    private final @Nullable Path otherJavaHome;
    private final Map<String, String> peers;
    private final Consumer<String> out;

    /**
     * @param otherJavaHome of a JVM beside the one that runs the harness; null for none
     * @param peers programs to measure beside ours, see {@link ThroughputBench}
     * @param out gets progress and tables
     */
    EngineBench(
            Bench bench,
            Set<Part> parts,
            InstantSource clock,
            @Nullable Path otherJavaHome,
            Map<String, String> peers,
            Consumer<String> out) {
        this.bench = bench;
        this.parts = parts;
        this.clock = clock;
        this.otherJavaHome = otherJavaHome;
        this.peers = peers;
        this.out = out;
    }

    EngineReport run() {
        var machine = Machine.here(clock.instant());
        out.accept(machine.line());
        return new EngineReport(
                machine,
                bench.parameters(),
                measured(Part.THROUGHPUT, new ThroughputBench(bench, peers)::run),
                measured(Part.ROUND_TRIP, new RoundTripBench(bench)::run),
                measured(Part.SLEEPERS, new SleepersBench(bench, clock, otherJavaHome)::run),
                measured(Part.LATENESS, new LatenessBench(bench, clock)::run),
                measured(Part.SCALING, new ScalingBench(bench)::run),
                measured(Part.PARTITIONS, new PartitionsBench(bench)::run),
                measured(Part.PAYLOADS, new PayloadsBench(bench)::run),
                measured(Part.BREADTH, new BreadthBench(bench)::run));
    }

    private <T extends Measured> @Nullable T measured(Part part, Supplier<T> measurement) {
        if (!parts.contains(part)) {
            return null;
        }
        out.accept("\n" + part);
        var measured = measurement.get();
        measured.tell(out);
        return measured;
    }
}
