package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.schedules.Emission.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Two schedulers, of which one is killed and started anew. Then every run that was due is looked for, on the topic and in the
 * history: each must be there, and under one id.
 */
final class KillBench {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** After a kill and after a start, what is told of each apart. */
    private static final Duration AROUND = Duration.ofSeconds(5);

    private final Bench bench;

    KillBench(Bench bench) {
        this.bench = bench;
    }

    private record Times(Window all, Instant killed, Instant startedAnew) {}

    Kill run() {
        try (var installation = bench.installation("kill");
                var schema = bench.schema("kill_one")) {
            var fleet = bench.fill(schema, Spread.ALL, bench.parameters().killRate());
            var times = watch(installation, schema, fleet);
            var emissions = Emission.all(installation, fleet);
            var history = schema.repository().history(times.all.from(), times.all.to());
            var kill = new Kill(
                    Findings.of(fleet, times.all, emissions, history),
                    List.of(
                            phase("before the kill", times.all.from(), times.killed, fleet, emissions),
                            phase("5 s from the kill on", times.killed, times.killed.plus(AROUND), fleet, emissions),
                            phase("one alone", times.killed.plus(AROUND), times.startedAnew, fleet, emissions),
                            phase("from the start anew on", times.startedAnew, times.all.to(), fleet, emissions)));
            bench.tell(kill.findings().toString());
            return kill;
        }
    }

    private Times watch(Installation installation, Schema schema, Fleet fleet) {
        var third = bench.parameters().killMeasured().dividedBy(3);
        try (var victim = bench.scheduler(installation, schema);
                var other = bench.scheduler(installation, schema)) {
            bench.awaitFirstRun(List.of(victim, other), fleet);
            bench.pauseUntil(now().plus(bench.parameters().warmUp()));
            var from = now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
            bench.pauseUntil(from.plus(third));
            var killed = now();
            victim.kill();
            bench.pauseUntil(from.plus(third.multipliedBy(2)));
            var startedAnew = now();
            try (var anew = bench.scheduler(installation, schema)) {
                anew.awaitReady();
                var to = later(from.plus(third.multipliedBy(3)), now().plusSeconds(1))
                        .truncatedTo(ChronoUnit.SECONDS);
                var window = new Window(from, to);
                bench.pauseUntil(to.plusSeconds(1));
                awaitHistory(schema, fleet, window);
                return new Times(window, killed, startedAnew);
            }
        }
    }

    /** What never comes is told as lost, and not waited for without end. */
    private void awaitHistory(Schema schema, Fleet fleet, Window window) {
        var due = fleet.from(window.to()) - fleet.from(window.from());
        var end = now().plus(PATIENCE);
        Patience.await(
                "the history has all runs",
                PATIENCE.multipliedBy(2),
                () -> now().isAfter(end)
                        || schema.repository()
                                        .history(window.from(), window.to())
                                        .size()
                                >= due);
    }

    private Kill.Phase phase(String name, Instant from, Instant to, Fleet fleet, List<Emission> emissions) {
        var phase = new Kill.Phase(name, Punctuality.of(emissions, fleet, new Window(from, to)));
        bench.tell(name + ": p99 " + Figures.one(phase.punctuality().millis().p99()) + " ms late");
        return phase;
    }

    private Instant now() {
        return bench.clock().instant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
