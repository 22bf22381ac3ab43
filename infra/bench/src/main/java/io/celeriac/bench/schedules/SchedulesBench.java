package io.celeriac.bench.schedules;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import java.util.EnumMap;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the parts that are asked for, one after the other, and tells each as soon as it is there. */
final class SchedulesBench {

    private final Bench bench;
    private final Set<Part> parts;
    private final Consumer<SchedulesReport> report;

    /**
     * @param report told after each part what there is: a run takes long, and what follows may fail
     */
    SchedulesBench(Bench bench, Set<Part> parts, Consumer<SchedulesReport> report) {
        this.bench = bench;
        this.parts = parts;
        this.report = report;
    }

    void run() {
        var machine = Machine.here(bench.clock().instant());
        var version = version();
        bench.progress().accept(machine.line() + ", MariaDB " + version);
        var all = new EnumMap<Part, Measured>(Part.class);
        for (var part : Part.values()) {
            if (parts.contains(part)) {
                bench.progress().accept("\n" + part);
                var measured = measure(part);
                measured.tell(bench.progress());
                all.put(part, measured);
                report.accept(new SchedulesReport(machine, version, bench.parameters(), all));
            }
        }
    }

    private String version() {
        try (var schema = bench.schema("version")) {
            return schema.repository().serverVersion();
        }
    }

    private Measured measure(Part part) {
        return switch (part) {
            case RATE -> new RateBench(bench).run();
            case KILL -> new KillBench(bench).run();
            case PLANNING -> new PlanningBench(bench).run();
        };
    }
}
