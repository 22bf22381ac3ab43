package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.results.query.TaskResultRepository;
import java.util.ArrayList;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.springframework.dao.QueryTimeoutException;

/** Questions to the large table, one after the other on one thread, as the gateway asks them. */
final class QueriesBench {

    private final Bench bench;
    private final ManyRows many;

    QueriesBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Queries run() {
        var schema = many.schema();
        var random = new Random(bench.parameters().seed());
        var questions = new Questions(
                        new TaskResultRepository(schema.pool(), schema.tables()),
                        new SamplesRepository(schema.pool(), random, many.end()),
                        random,
                        bench.parameters().rows())
                .all();
        var plans = new PlansRepository(schema.pool());
        var variants = new ArrayList<Queries.Variant>();
        questions.forEach((name, question) -> {
            var variant = asked(name, question, plans);
            bench.tell(name + ": p50 " + Figures.one(variant.millis().p50()) + " ms, p99 "
                    + Figures.one(variant.millis().p99()) + " ms"
                    + (variant.givenUp() == 0 ? "" : ", given up " + variant.givenUp() + " times"));
            variants.add(variant);
        });
        return new Queries(bench.parameters().rows(), variants);
    }

    private Queries.Variant asked(String name, Runnable question, PlansRepository plans) {
        ask(question, bench.parameters().warmUp(), new Histogram(3));
        var micros = new Histogram(3);
        var givenUp = ask(question, bench.parameters().questions(), micros);
        return new Queries.Variant(
                name, Percentiles.of(micros), givenUp, plans.of(() -> ask(question, 1, new Histogram(3))));
    }

    /**
     * Asks so many times, or as long as there is time.
     *
     * @return how often the repository gave up
     */
    private int ask(Runnable question, int times, Histogram micros) {
        var end = System.nanoTime() + bench.parameters().atMost().toNanos();
        var givenUp = 0;
        for (int i = 0; i < times && System.nanoTime() < end; i++) {
            var from = System.nanoTime();
            try {
                question.run();
                micros.recordValue((System.nanoTime() - from) / 1_000);
            } catch (QueryTimeoutException e) {
                givenUp++;
            }
        }
        return givenUp;
    }
}
