package io.celeriac.bench.gateway;

import io.celeriac.bench.report.Machine;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Schema;
import java.util.EnumMap;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the parts that are asked for, one after the other, and tells each as soon as it is there. */
final class GatewayBench {

    private final Bench bench;
    private final Set<Part> parts;
    private final Consumer<GatewayReport> report;

    /**
     * @param report told after each part what there is: a run takes long, and what follows may fail
     */
    GatewayBench(Bench bench, Set<Part> parts, Consumer<GatewayReport> report) {
        this.bench = bench;
        this.parts = parts;
        this.report = report;
    }

    void run() {
        var machine = Machine.here(bench.clock().instant());
        var version = version();
        bench.progress().accept(machine.line() + ", MariaDB " + version);
        var all = new EnumMap<Part, Measured>(Part.class);
        try (var many = bench.rows(ManyRows.Kind.COUNTED, bench.parameters().rows())) {
            for (var part : Part.values()) {
                if (parts.contains(part)) {
                    bench.progress().accept("\n" + part);
                    var measured = measure(part, many);
                    measured.tell(bench.progress());
                    all.put(part, measured);
                    report.accept(new GatewayReport(machine, version, bench.parameters(), all));
                }
            }
        }
    }

    private String version() {
        try (var schema = Schema.open(bench.database(), "version")) {
            return schema.repository().serverVersion();
        }
    }

    private Measured measure(Part part, ManyRows many) {
        return switch (part) {
            case READERS -> new ReadersBench(bench, many).run();
            case PAGES -> new PagesBench(bench, many).run();
            case CONSOLES -> new ConsolesBench(bench, many).run();
            case RETRY -> new RetryBench(bench).run();
            case HEARTBEATS -> new HeartbeatsBench(bench).run();
            case SIGN_INS -> new SignInsBench(bench).run();
        };
    }
}
