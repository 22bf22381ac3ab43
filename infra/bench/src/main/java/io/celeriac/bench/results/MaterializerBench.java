package io.celeriac.bench.results;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.results.Materialized.Written;
import io.celeriac.bench.rows.Samples;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.subject.BareUpsertMain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Preloaded results through the materializer, and the same rows through the bare upsert. Each run has a JVM and a schema of its own;
 * the two take turns, so that a slow minute of the machine does not meet one of them alone.
 */
final class MaterializerBench {

    private record Kind(boolean updates, int connections) {

        @Override
        public String toString() {
            return (updates ? "updates, " : "inserts, ")
                    + (connections == 1 ? "one connection" : connections + " connections");
        }
    }

    private record Round(Kind kind, Written materializer, Written bareUpsert) {}

    /** What program and database use from here on, while so many results are written. */
    private record CpuClock(
            Program program, Database database, long results, Duration programBefore, Duration databaseBefore) {

        CpuClock(Program program, Database database, long results) {
            this(program, database, results, program.cpu(), database.cpu());
        }

        Written written(double perSecond) {
            return new Written(
                    perSecond,
                    micros(program.cpu().minus(programBefore)),
                    micros(database.cpu().minus(databaseBefore)));
        }

        private double micros(Duration cpu) {
            return Rounded.to(1, cpu.toNanos() / 1_000.0 / Math.max(1, results));
        }
    }

    private static final List<Kind> KINDS =
            List.of(new Kind(false, 1), new Kind(false, 2), new Kind(true, 1), new Kind(true, 2));

    private final Bench bench;

    MaterializerBench(Bench bench) {
        this.bench = bench;
    }

    Materialized run() {
        var results = bench.parameters().results();
        try (var installation = bench.installation("materializer");
                var reference = bench.schema("reference")) {
            bench.tell("sending " + Figures.whole(results) + " results");
            var bytes = installation.preloadResults(
                    results, new Samples(bench.parameters().seed())::noopResult);
            var ignored = materializer(installation, reference, 1);
            bench.tell("the rows that the bare upsert writes again are there");
            return new Materialized(results, Rounded.to(0, bytes / (double) results), rounds(installation, reference));
        }
    }

    private List<Materialized.Variant> rounds(Installation installation, Schema reference) {
        var rounds = new ArrayList<Round>();
        for (int number = 1; number <= bench.parameters().rounds(); number++) {
            for (var kind : KINDS) {
                var round = new Round(kind, materializer(installation, reference, kind), bareUpsert(reference, kind));
                bench.tell("round " + number + ", " + kind + ": materializer " + round.materializer.told()
                        + ", bare upsert " + round.bareUpsert.told() + ", ratio "
                        + Figures.two(round.materializer.perSecond() / round.bareUpsert.perSecond()));
                rounds.add(round);
            }
        }
        return KINDS.stream()
                .map(kind -> Materialized.Variant.of(
                        kind.toString(), of(kind, rounds, Round::materializer), of(kind, rounds, Round::bareUpsert)))
                .toList();
    }

    private static List<Written> of(Kind kind, List<Round> rounds, Function<Round, Written> which) {
        return rounds.stream()
                .filter(round -> round.kind.equals(kind))
                .map(which)
                .toList();
    }

    private Schema schema(Schema reference, Kind kind, String name) {
        var schema = bench.schema(name);
        if (kind.updates()) {
            schema.repository().addPendingOf(reference.name());
        }
        return schema;
    }

    private Written materializer(Installation installation, Schema reference, Kind kind) {
        try (var schema = schema(reference, kind, "materializer")) {
            return materializer(installation, schema, kind.connections());
        }
    }

    private Written materializer(Installation installation, Schema schema, int concurrency) {
        var results = bench.parameters().results();
        try (var program = bench.materializer(
                installation,
                schema,
                "celeriac.results.pending.enabled=false",
                "celeriac.results.materializer.concurrency=" + concurrency)) {
            program.awaitReady();
            var growth = new Growth(() -> schema.repository().written(installation.resultsTopic()), program);
            growth.awaitAtLeast(1);
            var cpu = new CpuClock(
                    program, bench.database(), results - schema.repository().written(installation.resultsTopic()));
            var written = cpu.written(growth.perSecondUpTo(results));
            requireAll(schema);
            return written;
        }
    }

    private Written bareUpsert(Schema reference, Kind kind) {
        try (var schema = schema(reference, kind, "bare_upsert");
                var program = bench.harness()
                        .start(
                                BareUpsertMain.class,
                                List.of(
                                        reference.url(),
                                        schema.url(),
                                        Database.USER,
                                        Database.USER,
                                        String.valueOf(kind.connections()),
                                        String.valueOf(bench.parameters().batch())))) {
            program.awaitReady();
            var cpu = new CpuClock(program, bench.database(), bench.parameters().results());
            var written = cpu.written(Double.parseDouble(program.awaitTold(BareUpsertMain.PER_SECOND)));
            requireAll(schema);
            return written;
        }
    }

    private void requireAll(Schema schema) {
        for (var table : List.of("task_result", "task_attempt")) {
            var count = schema.repository().count(table);
            if (count != bench.parameters().results()) {
                throw new IllegalStateException(
                        bench.parameters().results() + " results came to " + count + " rows of " + table);
            }
        }
    }
}
