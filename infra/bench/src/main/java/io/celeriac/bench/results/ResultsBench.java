package io.celeriac.bench.results;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.rows.ManyRows;
import java.util.EnumMap;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the parts that are asked for, one after the other, and tells each as soon as it is there. */
final class ResultsBench {

    private final Bench bench;
    private final Set<Part> parts;
    private final Consumer<ResultsReport> report;

    /**
     * @param report told after each part what there is: a run takes long, and what follows may fail
     */
    ResultsBench(Bench bench, Set<Part> parts, Consumer<ResultsReport> report) {
        this.bench = bench;
        this.parts = parts;
        this.report = report;
    }

    void run() {
        var machine = Machine.here(bench.clock().instant());
        var version = version();
        bench.progress().accept(machine.line() + ", MariaDB " + version);
        var all = new EnumMap<Part, Measured>(Part.class);
        try (var many = new ManyRows(
                bench.database(), ManyRows.Kind.MIXED, bench.parameters().rows(), bench.clock(), bench::tell)) {
            for (var part : Part.values()) {
                if (parts.contains(part)) {
                    bench.progress().accept("\n" + part);
                    var measured = measure(part, many);
                    measured.tell(bench.progress());
                    all.put(part, measured);
                    report.accept(new ResultsReport(machine, version, bench.parameters(), all));
                }
            }
        }
    }

    private String version() {
        try (var schema = bench.schema("version")) {
            return schema.repository().serverVersion();
        }
    }

    private Measured measure(Part part, ManyRows many) {
        return switch (part) {
            case MATERIALIZER -> new MaterializerBench(bench).run();
            case LAG -> new LagBench(bench).run();
            case QUERIES -> new QueriesBench(bench, many).run();
            case SEARCHES -> new SearchesBench(bench, many).run();
            case RETENTION -> new RetentionBench(bench, many).run();
        };
    }
}
