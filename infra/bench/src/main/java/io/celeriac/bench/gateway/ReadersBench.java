package io.celeriac.bench.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Samples;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Readers that each do what an open console does, at its intervals: the first page of a search every two seconds, as there are events
 * all the time; the numbers of the last hour, and of the hour before it, every five; the queues every five; and a stream of events.
 */
final class ReadersBench {

    private static final Duration LIST = Duration.ofSeconds(2);
    private static final Duration OVERVIEW = Duration.ofSeconds(5);
    private static final String SEARCH = "state:FAILURE since:1d";

    private final Bench bench;
    private final ManyRows many;

    ReadersBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Readers run() {
        var schema = many.schema();
        var variants = new ArrayList<Readers.Variant>();
        try (var installation = bench.installation("readers");
                var gateway = bench.gateway(installation, schema);
                var results = results(installation)) {
            for (var readers : bench.parameters().readers()) {
                variants.add(measured(readers + " readers", readers, false, gateway));
            }
            var most = bench.parameters()
                    .readers()
                    .get(bench.parameters().readers().size() - 1);
            variants.add(measured(most + ", each with a search of its own", most, true, gateway));
            results.requireNoFailure();
        }
        return new Readers(bench.parameters().rows(), variants);
    }

    private Background results(Installation installation) {
        var samples = new Samples(bench.parameters().seed());
        return new Background(
                installation,
                bench.parameters().resultsPerSecond(),
                (producer, number) ->
                        installation.send(producer, samples.spread(bench.clock().instant(), number)));
    }

    private Readers.Variant measured(String name, int readers, boolean ownSearch, Gateway gateway) {
        try (var audience =
                new Audience(gateway.calls(), new Random(bench.parameters().seed()))) {
            for (var reader = 0; reader < readers; reader++) {
                audience.add(looks(ownSearch ? SEARCH + " -task:nobody-" + reader : SEARCH));
                audience.openStream();
            }
            Patience.pause(bench.parameters().warmUp());
            audience.begin();
            var begun = Load.begin(gateway, bench.database(), many.schema().repository());
            Patience.pause(bench.parameters().measured());
            audience.awaitSome();
            var load = begun.end();
            var answers = audience.firstByteMicros();
            var variant = new Readers.Variant(
                    name,
                    readers,
                    Rounded.to(1, answers.getTotalCount() / load.seconds()),
                    Rounded.to(1, audience.events() / load.seconds()),
                    audience.refused(),
                    Percentiles.of(answers),
                    load);
            bench.tell(name + ": " + Figures.one(variant.requestsPerSecond()) + " requests/s, database "
                    + Figures.one(load.databaseMillis()) + " ms/s, gateway " + Figures.one(load.gatewayMillis())
                    + " ms/s");
            return variant;
        }
    }

    private List<Visitor.Look> looks(String search) {
        return List.of(
                new Visitor.Look(() -> "/api/tasks?limit=50&q=" + URLEncoder.encode(search, UTF_8), LIST),
                new Visitor.Look(() -> stats(Duration.ofHours(1), Duration.ZERO), OVERVIEW),
                new Visitor.Look(() -> stats(Duration.ofHours(2), Duration.ofHours(1)), OVERVIEW),
                new Visitor.Look(() -> "/api/queues", OVERVIEW));
    }

    private String stats(Duration from, Duration to) {
        var now = bench.clock().instant();
        return "/api/stats?from=" + now.minus(from) + "&to=" + now.minus(to);
    }
}
