package io.celeriac.bench.calling;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.subject.CoordinatorMain;
import io.celeriac.bench.subject.EngineWorkerMain;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What all parts of the benchmark are given.
 *
 * @param progress told what is being done
 */
record Bench(
        Harness harness, Database database, Parameters parameters, InstantSource clock, Consumer<String> progress) {

    void tell(String what) {
        progress.accept("  " + what);
    }

    Installation installation(String purpose) {
        return harness.installation(purpose, parameters.partitions());
    }

    /** The calling side of a service. */
    Client client(Installation installation) {
        return new Client(harness.bootstrapServers(), installation.namespace(), clock);
    }

    /** A worker with the engine's defaults, ready to work. */
    Program worker(Installation installation) {
        var worker = harness.start(EngineWorkerMain.class, installation.arguments());
        worker.awaitReady();
        return worker;
    }

    /** A coordinator with its defaults, ready to work. */
    Program coordinator(Installation installation) {
        var coordinator = harness.start(CoordinatorMain.class, installation.arguments());
        coordinator.awaitReady();
        return coordinator;
    }
}
