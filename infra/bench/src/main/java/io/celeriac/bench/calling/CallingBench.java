package io.celeriac.bench.calling;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the parts that are asked for, one after the other, and tells each as soon as it is there. */
final class CallingBench {

    private final Bench bench;
    private final Set<Part> parts;
    private final Consumer<CallingReport> report;

    /**
     * @param report told after each part what there is
     */
    CallingBench(Bench bench, Set<Part> parts, Consumer<CallingReport> report) {
        this.bench = bench;
        this.parts = parts;
        this.report = report;
    }

    void run() {
        var machine = Machine.here(bench.clock().instant());
        bench.progress().accept(machine.line());
        var all = new EnumMap<Part, Measured>(Part.class);
        for (var part : Part.values()) {
            if (parts.contains(part)) {
                bench.progress().accept("\n" + part);
                var measured = measure(part);
                measured.tell(bench.progress());
                all.put(part, measured);
                report.accept(new CallingReport(machine, bench.parameters(), all));
            }
        }
    }

    private Measured measure(Part part) {
        return switch (part) {
            case SUBMIT -> new SubmitBench(bench).run();
            case GETS -> new GetsBench(bench).run();
            case CHORDS -> new ChordsBench(bench).run();
            case CHAIN -> new ChainBench(bench).run();
            case NESTING -> new NestingBench(bench).run();
        };
    }
}
