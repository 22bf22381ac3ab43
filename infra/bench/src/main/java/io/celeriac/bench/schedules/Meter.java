package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Program;
import io.celeriac.bench.schedules.SchedulesRepository.Served;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What each program has used so far. */
final class Meter {

    private final Bench bench;
    private final Schema schema;
    private final List<Program> schedulers;
    private final @Nullable Program worker;

    /**
     * @param worker null where none runs
     */
    Meter(Bench bench, Schema schema, List<Program> schedulers, @Nullable Program worker) {
        this.bench = bench;
        this.schema = schema;
        this.schedulers = schedulers;
        this.worker = worker;
    }

    /**
     * At one moment, or between two.
     *
     * @param schedulers CPU seconds of all schedulers together
     * @param database CPU seconds of the server
     * @param broker CPU seconds
     * @param worker CPU seconds with the materializer; null where none runs
     * @param forSchedulers what the server did for the schedulers
     * @param forWorker what it did for the materializer
     */
    record Used(
            double schedulers,
            double database,
            double broker,
            @Nullable Double worker,
            Served forSchedulers,
            Served forWorker) {

        Used since(Used before) {
            return new Used(
                    schedulers - before.schedulers,
                    database - before.database,
                    broker - before.broker,
                    worker == null || before.worker == null ? null : worker - before.worker,
                    forSchedulers.since(before.forSchedulers),
                    forWorker.since(before.forWorker));
        }

        double total() {
            return schedulers + database + broker + (worker == null ? 0 : worker);
        }
    }

    Used read() {
        return new Used(
                schedulers.stream().mapToDouble(Meter::seconds).sum(),
                bench.database().cpu().toMillis() / 1e3,
                seconds(bench.harness().broker()),
                worker == null ? null : seconds(worker),
                schema.repository().served(Bench.SCHEDULER),
                schema.repository().served(Bench.WORKER));
    }

    private static double seconds(Program program) {
        return program.cpu().toMillis() / 1e3;
    }
}
