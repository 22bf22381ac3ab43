package io.celeriac.bench.results;

import io.celeriac.bench.report.Figures;
import io.celeriac.bench.report.Percentiles;
import io.celeriac.bench.report.Rounded;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.springframework.dao.QueryTimeoutException;

/** Searches of the large table by the grammar, one after the other on one thread, as the gateway makes them. */
final class SearchesBench {

    private static final int PAGE = 50;

    /** The repository's own limit of a try. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Bench bench;
    private final ManyRows many;

    SearchesBench(Bench bench, ManyRows many) {
        this.bench = bench;
        this.many = many;
    }

    Searches run() {
        var schema = many.schema();
        var repository =
                new TaskResultRepository(schema.pool(), schema.tables(), Set.of(SpreadRepository.ARGUMENT), PATIENCE);
        var kinds = new SearchKinds(new Random(bench.parameters().seed()), many.end()).all();
        var variants = new ArrayList<Searches.Variant>();
        kinds.forEach((q, condition) -> {
            new Run(repository, condition).ask(bench.parameters().warmUp());
            var run = new Run(repository, condition);
            var before = schema.repository().rowsRead();
            run.ask(bench.parameters().questions());
            var variant = run.variant(q, schema.repository().rowsRead() - before);
            bench.tell(q + ": p50 " + Figures.one(variant.millis().p50()) + " ms, p95 "
                    + Figures.one(variant.millis().p95()) + " ms, rows read " + Figures.whole(variant.rowsRead()));
            variants.add(variant);
        });
        return new Searches(bench.parameters().rows(), variants);
    }

    /** Searches of one kind. */
    private final class Run {

        private final TaskResultRepository repository;
        private final Supplier<TaskCondition> condition;
        private final Histogram micros = new Histogram(3);
        private int asked;
        private int found;
        private int partial;
        private int givenUp;

        Run(TaskResultRepository repository, Supplier<TaskCondition> condition) {
            this.repository = repository;
            this.condition = condition;
        }

        /** Asks so many times, or as long as there is time. */
        void ask(int times) {
            var end = System.nanoTime() + bench.parameters().atMost().toNanos();
            while (asked < times && System.nanoTime() < end) {
                var query = new TaskQuery(TaskFilter.ALL.and(condition.get()), PAGE, null);
                var from = System.nanoTime();
                asked++;
                try {
                    var page = repository.list(query);
                    micros.recordValue((System.nanoTime() - from) / 1_000);
                    found += page.items().size();
                    partial += page.partial() ? 1 : 0;
                } catch (QueryTimeoutException e) {
                    givenUp++;
                }
            }
        }

        Searches.Variant variant(String q, long rowsRead) {
            return new Searches.Variant(
                    q,
                    Percentiles.of(micros),
                    Rounded.to(0, rowsRead / (double) asked),
                    Rounded.to(1, found / (double) asked),
                    partial,
                    givenUp);
        }
    }
}
