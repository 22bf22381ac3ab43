package io.celeriac.bench.schedules;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.report.Table;
import io.celeriac.bench.schedules.Emission.Window;
import io.celeriac.bench.schedules.Meter.Used;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How late schedules fire at constant rates, and what a firing costs.
 *
 * @param schedules that are stored
 */
record Rate(int schedules, List<Variant> variants) implements Measured {

    private static final double AIM_MILLIS = 100;
    private static final double THOUSAND = 1_000;

    /**
     * At one rate.
     *
     * @param wanted firings a second by the schedules
     * @param schedulers that ran at once
     * @param everything whether a worker and its materializer ran too
     * @param perSecond firings that the broker took in a second
     * @param skipped runs that went into the history as skipped
     * @param caughtUp runs that were emitted more than a second late
     */
    record Variant(
            int wanted,
            int schedulers,
            boolean everything,
            double perSecond,
            Punctuality punctuality,
            long skipped,
            long caughtUp,
            Costs costs) {

        String name() {
            return Figures.whole(wanted) + "/s, "
                    + (schedulers == 1 ? "one scheduler" : schedulers + " schedulers")
                    + (everything ? ", everything runs" : ", no worker");
        }

        private boolean isMet() {
            return punctuality.absent() == 0 && punctuality.millis().p99() <= AIM_MILLIS;
        }

        private List<String> lateness() {
            var millis = punctuality.millis();
            return List.of(
                    name(),
                    Figures.whole(perSecond),
                    punctuality.shown(millis.p50()),
                    punctuality.shown(millis.p99()),
                    punctuality.shown(punctuality.worstSecond()),
                    punctuality.shown(millis.max()),
                    Figures.whole(punctuality.absent()),
                    Figures.whole(skipped),
                    Figures.whole(caughtUp),
                    isMet() ? "met" : "missed");
        }
    }

    /**
     * What was used for the firings of a measurement, the schedulers' own waiting and looking included.
     *
     * @param cores that all programs together kept busy
     * @param scheduler CPU seconds for 1,000 firings
     * @param database the same of the server, for all programs
     * @param databaseForScheduler the part of the connections of the schedulers in it, as the server tells it
     * @param broker the same of the broker
     * @param worker the same of worker and materializer; null where none ran
     * @param statements that the database executed for the schedulers, for one firing
     * @param batch runs that were decided at one moment, on the average
     */
    record Costs(
            double cores,
            double scheduler,
            double database,
            double databaseForScheduler,
            double broker,
            @Nullable Double worker,
            double statements,
            double batch) {

        static Costs of(Used used, long firings, long batches, Window window) {
            var thousands = firings / THOUSAND;
            var worker = used.worker();
            return new Costs(
                    Rounded.to(2, used.total() / window.seconds()),
                    Rounded.to(3, used.schedulers() / thousands),
                    Rounded.to(3, used.database() / thousands),
                    Rounded.to(3, used.forSchedulers().cpuSeconds() / thousands),
                    Rounded.to(3, used.broker() / thousands),
                    worker == null ? null : Rounded.to(3, worker / thousands),
                    Rounded.to(2, used.forSchedulers().statements() / (double) firings),
                    Rounded.to(1, firings / (double) batches));
        }

        private List<String> row(String name) {
            return List.of(
                    name,
                    Figures.two(cores),
                    Figures.two(scheduler),
                    Figures.two(database),
                    Figures.two(databaseForScheduler),
                    Figures.two(broker),
                    worker == null ? "–" : Figures.two(worker),
                    Figures.two(statements),
                    Figures.one(batch));
        }
    }

    @Override
    public List<Table> tables() {
        return List.of(
                new Table(
                        List.of(
                                Figures.whole(schedules) + " schedules",
                                "firings/s",
                                "p50 ms",
                                "p99 ms",
                                "p99 of the worst second",
                                "max ms",
                                "did not come",
                                "skipped",
                                "caught up",
                                "p99 ≤ 100 ms"),
                        variants.stream().map(Variant::lateness).toList()),
                new Table(
                        List.of(
                                "for 1,000 firings",
                                "cores busy",
                                "scheduler CPU s",
                                "database CPU s",
                                "of it for the scheduler",
                                "broker CPU s",
                                "worker CPU s",
                                "statements per firing",
                                "firings in a batch"),
                        variants.stream()
                                .map(variant -> variant.costs.row(variant.name()))
                                .toList()));
    }
}
