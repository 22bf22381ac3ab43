package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.schedules.Emission.Window;
import io.celeriac.bench.schedules.Meter.Used;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Schedules that fire at a constant rate: first with everything running, a worker and its materializer too, and then, the worker
 * killed, with schedulers, broker and database alone.
 */
final class RateBench {

    /** For the runs of the last second, before the topic is read. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** For what a worker that is killed leaves to the database and the broker. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final Bench bench;

    RateBench(Bench bench) {
        this.bench = bench;
    }

    Rate run() {
        var parameters = bench.parameters();
        return new Rate(
                parameters.schedules(),
                parameters.rates().stream().flatMap(this::measured).toList());
    }

    private record Measurement(boolean everything, Window window, Used used) {}

    private Stream<Rate.Variant> measured(int perSecond) {
        try (var installation = bench.installation("rate");
                var schema = bench.schema("rate")) {
            var fleet = bench.fill(schema, bench.parameters().spread(), perSecond);
            var measurements = measurements(installation, schema, fleet);
            var emissions = Emission.all(installation, fleet);
            return measurements.stream()
                    .map(measurement -> variant(measurement, fleet, schema, emissions))
                    .toList()
                    .stream();
        }
    }

    private List<Measurement> measurements(Installation installation, Schema schema, Fleet fleet) {
        var schedulers = new ArrayList<Program>();
        var workers = bench.parameters().worker() ? List.of(bench.worker(installation, schema)) : List.<Program>of();
        try {
            for (int i = 0; i < bench.parameters().schedulers(); i++) {
                schedulers.add(bench.scheduler(installation, schema));
            }
            bench.awaitFirstRun(
                    Stream.concat(workers.stream(), schedulers.stream()).toList(), fleet);
            Patience.pause(bench.parameters().warmUp());
            var measurements = new ArrayList<Measurement>();
            for (var worker : workers) {
                measurements.add(measure(Duration.ZERO, schema, schedulers, worker));
                worker.kill();
            }
            measurements.add(measure(SETTLING, schema, schedulers, null));
            return measurements;
        } finally {
            workers.forEach(Program::kill);
            schedulers.forEach(Program::kill);
        }
    }

    private Measurement measure(Duration before, Schema schema, List<Program> schedulers, @Nullable Program worker) {
        var from = bench.clock()
                .instant()
                .plus(before)
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(1);
        var window = new Window(from, from.plus(bench.parameters().measured()));
        var meter = new Meter(bench, schema, schedulers, worker);
        bench.pauseUntil(window.from());
        var begun = meter.read();
        bench.pauseUntil(window.to());
        var used = meter.read().since(begun);
        bench.pauseUntil(window.to().plus(GRACE));
        return new Measurement(worker != null, window, used);
    }

    private Rate.Variant variant(Measurement measurement, Fleet fleet, Schema schema, List<Emission> emissions) {
        var window = measurement.window;
        var taken = emissions.stream()
                .filter(emission -> window.contains(emission.taken()))
                .count();
        var variant = new Rate.Variant(
                fleet.perSecond(),
                bench.parameters().schedulers(),
                measurement.everything,
                Rounded.to(0, taken / window.seconds()),
                Punctuality.of(emissions, fleet, window),
                schema.repository().runs("skipped", window.from(), window.to()),
                schema.repository().runs("caught_up", window.from(), window.to()),
                Rate.Costs.of(
                        measurement.used, taken, schema.repository().batches(window.from(), window.to()), window));
        var millis = variant.punctuality().millis();
        bench.tell(variant.name() + ": " + Figures.whole(variant.perSecond()) + " firings/s, p50 "
                + variant.punctuality().shown(millis.p50()) + " ms late, p99 "
                + variant.punctuality().shown(millis.p99()) + " ms, "
                + Figures.two(variant.costs().cores()) + " cores");
        return variant;
    }
}
