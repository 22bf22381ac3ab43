package io.celeriac.bench.schedules;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import java.time.Duration;

/** Schedules that somebody writes by SQL, all in one transaction, and a scheduler that works out when each is due. */
final class PlanningBench {

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** So far away that none fires meanwhile. */
    private static final Duration FAR = Duration.ofDays(1);

    private final Bench bench;

    PlanningBench(Bench bench) {
        this.bench = bench;
    }

    Planning run() {
        var rows = bench.parameters().unplanned();
        try (var installation = bench.installation("planning");
                var schema = bench.schema("planning")) {
            var fleet =
                    Fleet.of(Spread.ALL, rows, 1_000, bench.clock().instant().plus(FAR));
            var repository = schema.repository();
            var begun = System.nanoTime();
            repository.insertUnplanned(fleet);
            var written = seconds(begun);
            bench.flush(repository);
            try (var scheduler = bench.scheduler(installation, schema)) {
                Patience.await("the first is planned", PATIENCE, () -> repository.unplanned() < rows);
                var first = System.nanoTime();
                var before = repository.unplanned();
                Patience.await("all are planned", PATIENCE, () -> {
                    Patience.pause(Duration.ofMillis(500));
                    return repository.unplanned() == 0;
                });
                var planned = seconds(first);
                bench.tell(Figures.whole(rows) + " schedules were planned in " + Figures.one(planned) + " s by "
                        + scheduler.cpu().toSeconds() + " s of CPU");
                return new Planning(
                        rows,
                        Rounded.to(1, written),
                        Rounded.to(1, planned),
                        Rounded.to(0, before / planned),
                        Rounded.to(2, scheduler.cpu().toMillis() / (double) rows));
            }
        }
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
