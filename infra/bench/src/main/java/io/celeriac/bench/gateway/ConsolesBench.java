package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Samples;
import java.util.List;
import java.util.Random;

/** Consoles that are left open on some pages, each looking again as its page does, while results come all the time. */
final class ConsolesBench {

    private static final int WORKERS = 10;
    private static final double SECONDS = 60;

    private final Bench bench;
    private final ManyRows many;

    ConsolesBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Consoles run() {
        var schema = many.schema();
        var parameters = bench.parameters();
        var samples = new Samples(parameters.seed());
        try (var installation = bench.installation("consoles");
                var gateway = bench.gateway(installation, schema);
                var heartbeats = new SimulatedWorkers(installation, WORKERS, bench.clock()).start();
                var results = new Background(
                        installation,
                        parameters.resultsPerSecond(),
                        (producer, number) -> installation.send(
                                producer, samples.spread(bench.clock().instant(), number)));
                var audience = new Audience(gateway.calls(), new Random(parameters.seed()))) {
            open(audience);
            Patience.pause(parameters.warmUp());
            var heap = gateway.heapBytesAfterGc();
            var resident = gateway.residentBytes();
            audience.begin();
            var begun = Load.begin(gateway, bench.database(), schema.repository());
            Patience.pause(parameters.open());
            audience.awaitSome();
            var load = begun.end();
            heartbeats.requireNoFailure();
            results.requireNoFailure();
            var pages = audience.firstByteMicros();
            var consoles = new Consoles(
                    parameters.rows(),
                    parameters.consoles(),
                    Rounded.to(1, load.seconds() / SECONDS),
                    Rounded.to(1, pages.getTotalCount() / load.seconds()),
                    audience.refused(),
                    Percentiles.of(pages),
                    load,
                    heap,
                    gateway.heapBytesAfterGc(),
                    resident,
                    gateway.residentBytes());
            bench.tell(
                    Figures.one(consoles.pagesPerSecond()) + " pages/s, database " + Figures.one(load.databaseMillis())
                            + " ms/s, gateway " + Figures.one(load.gatewayMillis()) + " ms/s");
            return consoles;
        }
    }

    private void open(Audience audience) {
        var pages = List.copyOf(ConsolePages.leftOpen().entrySet());
        for (var console = 0; console < bench.parameters().consoles(); console++) {
            var page = pages.get(console % pages.size());
            audience.add(List.of(new Visitor.Look(page::getKey, page.getValue())));
            if (ConsolePages.hasStream(page.getKey())) {
                audience.openStream();
            }
        }
    }
}
