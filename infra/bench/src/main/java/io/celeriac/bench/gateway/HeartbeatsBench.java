package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.rows.Schema;
import java.time.Duration;
import java.util.List;

/** A gateway that nobody calls, first without workers, and then with many. */
final class HeartbeatsBench {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Bench bench;

    HeartbeatsBench(Bench bench) {
        this.bench = bench;
    }

    Heartbeats run() {
        try (var schema = Schema.open(bench.database(), "heartbeats");
                var installation = bench.installation("heartbeats");
                var gateway = bench.gateway(installation, schema)) {
            var without = measured(0, gateway, schema);
            return new Heartbeats(List.of(without, withWorkers(installation, gateway, schema)));
        }
    }

    private Heartbeats.Variant withWorkers(Installation installation, Gateway gateway, Schema schema) {
        var workers = bench.parameters().workers();
        try (var heartbeats = new SimulatedWorkers(installation, workers, bench.clock()).start()) {
            Patience.await("the workers are known", PATIENCE, () -> known(gateway) == workers);
            var with = measured(workers, gateway, schema);
            heartbeats.requireNoFailure();
            return with;
        }
    }

    private Heartbeats.Variant measured(int workers, Gateway gateway, Schema schema) {
        Patience.pause(bench.parameters().warmUp());
        var begun = Load.begin(gateway, bench.database(), schema.repository());
        Patience.pause(bench.parameters().measured());
        var load = begun.end();
        bench.tell(workers + " workers: gateway " + Figures.one(load.gatewayMillis()) + " ms/s");
        return new Heartbeats.Variant(workers, known(gateway), load, gateway.heapBytesAfterGc());
    }

    private static int known(Gateway gateway) {
        return gateway.calls().json("/api/workers").size();
    }
}
