package io.celeriac.bench.schedules;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Measured;
import io.celeriac.bench.report.Table;
import java.util.List;

/** What a scheduler that was killed left to the other one. */
record Kill(Findings findings, List<Phase> phases) implements Measured {

    /** Some time of it. */
    record Phase(String name, Punctuality punctuality) {}

    @Override
    public List<Table> tables() {
        return List.of(
                new Table(
                        List.of(
                                "runs due",
                                "lost",
                                "twice on the topic, one id",
                                "under a second id",
                                "ids of several runs",
                                "without history",
                                "skipped",
                                "none lost or doubled"),
                        List.of(List.of(
                                Figures.whole(findings.due()),
                                Figures.whole(findings.lost()),
                                Figures.whole(findings.doubled()),
                                Figures.whole(findings.strange()),
                                Figures.whole(findings.idsOfSeveral()),
                                Figures.whole(findings.withoutHistory()),
                                Figures.whole(findings.skipped()),
                                findings.areAsTheyShould() ? "met" : "missed"))),
                new Table(
                        List.of("due", "runs", "p50 ms", "p99 ms", "max ms"),
                        phases.stream()
                                .map(phase -> List.of(
                                        phase.name,
                                        Figures.whole(phase.punctuality.due()),
                                        phase.punctuality.shown(
                                                phase.punctuality.millis().p50()),
                                        phase.punctuality.shown(
                                                phase.punctuality.millis().p99()),
                                        phase.punctuality.shown(
                                                phase.punctuality.millis().max())))
                                .toList()));
    }
}
