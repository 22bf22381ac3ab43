package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.subject.FullWorkerApplication;
import io.celeriac.bench.subject.SchedulerApplication;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What all parts of the benchmark are given.
 *
 * @param progress told what is being done
 */
record Bench(
        Harness harness, Database database, Parameters parameters, InstantSource clock, Consumer<String> progress) {

    /** Users of the database, by which the server tells apart what it does for whom. */
    static final String SCHEDULER = "scheduler";

    static final String WORKER = "worker";

    private static final Duration FLUSH = Duration.ofMinutes(2);
    private static final int FEW_PAGES = 500;

    void tell(String what) {
        progress.accept("  " + what);
    }

    Schema schema(String name) {
        return Schema.open(database, name);
    }

    /** Topics on which each task has the time at which the broker took it. */
    Installation installation(String purpose) {
        return harness.installation(purpose, parameters.partitions()).stampTasksOnArrival();
    }

    /** One more scheduler, as it is delivered. */
    Program scheduler(Installation installation, Schema schema) {
        return harness.start(SchedulerApplication.class, arguments(installation, schema.arguments(SCHEDULER)));
    }

    /** A worker as it is delivered, with its materializer. */
    Program worker(Installation installation, Schema schema) {
        var arguments = arguments(installation, schema.arguments(WORKER));
        arguments.add("--celeriac.worker.state-dir=" + harness.newDirectory());
        return harness.start(FullWorkerApplication.class, arguments);
    }

    private List<String> arguments(Installation installation, List<String> database) {
        var arguments = new ArrayList<>(database);
        arguments.add("--spring.kafka.bootstrap-servers=" + harness.bootstrapServers());
        arguments.add("--celeriac.namespace=" + installation.namespace());
        arguments.add("--server.port=0");
        return arguments;
    }

    /** Fills an empty table with schedules that the programs might have written; the first fires soon after. */
    Fleet fill(Schema schema, Spread spread, int perSecond) {
        var rows = parameters.schedules();
        var fleet = Fleet.of(spread, rows, perSecond, clock.instant().plus(parameters.setUp(rows)));
        tell("writing " + rows + " schedules");
        schema.repository().insertPlanned(fleet);
        flush(schema.repository());
        return fleet;
    }

    /** So that the measurement does not meet a server that is busy with what came before it. */
    void flush(SchedulesRepository repository) {
        repository.flush(true);
        Patience.await("the server has written its pages", FLUSH, () -> repository.dirtyPages() < FEW_PAGES);
        repository.flush(false);
    }

    /** Waits until all of them run and the first schedule fires, whichever is later. */
    void awaitFirstRun(List<Program> programs, Fleet fleet) {
        programs.forEach(Program::awaitReady);
        tell(fleet.perSecond() + " firings/s: running "
                + Duration.between(clock.instant(), fleet.begin()).toSeconds() + " s before the first run");
        pauseUntil(fleet.begin());
    }

    void pauseUntil(Instant instant) {
        var rest = Duration.between(clock.instant(), instant);
        if (!rest.isNegative()) {
            Patience.pause(rest);
        }
    }
}
