package io.celeriac.bench.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.report.Percentiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of every part, so that the benchmark does not rot between two uses. The numbers mean nothing. */
class ResultsBenchIT {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final Parameters LITTLE = new Parameters(
            2,
            12_000,
            1,
            1_000,
            2_000,
            10_000,
            10,
            2,
            Duration.ofSeconds(10),
            200,
            Duration.ofSeconds(4),
            Duration.ofMillis(500),
            "64M",
            "32M",
            1);

    private static final List<String> TOLD = new ArrayList<>();
    private static final List<ResultsReport> REPORTS = new ArrayList<>();

    private static Harness harness;

    @TempDir
    private Path docs;

    @BeforeAll
    static void run() {
        harness = Harness.start(SMALL_JVM, ResultsCommand.BROKER);
        var database = harness.startDatabase(LITTLE.databaseOptions());
        var bench = new Bench(harness, database, LITTLE, InstantSource.system(), TOLD::add);
        new ResultsBench(bench, EnumSet.allOf(Part.class), REPORTS::add).run();
    }

    @AfterAll
    static void end() {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void tellsWhatThereIsAfterEachPart() {
        assertThat(REPORTS).extracting(report -> report.parts().size()).containsExactly(1, 2, 3, 4, 5);
        assertThat(TOLD).contains("\nmaterializer", "\nlag", "\nqueries", "\nsearches", "\nretention");
    }

    @Test
    void writesTheSameRowsByTheMaterializerAndByTheBareUpsert() {
        var materialized = (Materialized) part(Part.MATERIALIZER);

        assertThat(materialized.bytesPerResult()).isBetween(350.0, 450.0);
        assertThat(materialized.variants())
                .extracting(Materialized.Variant::name)
                .containsExactly(
                        "inserts, one connection",
                        "inserts, 2 connections",
                        "updates, one connection",
                        "updates, 2 connections");
        assertThat(materialized.variants()).allSatisfy(variant -> {
            assertThat(variant.materializer()).hasSize(LITTLE.rounds()).allMatch(round -> round.perSecond() > 0);
            assertThat(variant.bareUpsert()).hasSize(LITTLE.rounds()).allMatch(round -> round.perSecond() > 0);
            assertThat(variant.ofBareUpsert()).isPositive();
        });
    }

    @Test
    void tellsHowFarTheTablesAreBehindTheEngine() {
        var lag = (Lag) part(Part.LAG);

        assertThat(lag.variants()).hasSize(2).allSatisfy(variant -> {
            assertThat(variant.tasksPerSecond()).isPositive();
            assertThat(variant.behindRecords()).isBetween(0L, (long) LITTLE.lagTasks());
            assertThat(variant.caughtUpSeconds()).isNotNegative();
        });
    }

    @Test
    void asksEachQuestionAndTellsThePlanOfIt() {
        var queries = (Queries) part(Part.QUERIES);

        assertThat(queries.variants()).hasSize(16).allSatisfy(variant -> {
            assertThat(variant.millis().count() + variant.givenUp()).isEqualTo(LITTLE.questions());
            assertThat(variant.plan()).isNotEmpty();
        });
        Map<String, List<String>> keys = queries.variants().stream()
                .collect(Collectors.toMap(
                        Queries.Variant::name,
                        variant ->
                                variant.plan().stream().map(Queries.Step::key).toList()));
        assertThat(keys.get("a task by its id")).containsExactly("PRIMARY");
        assertThat(keys.get("first page of all")).contains("task_result_by_time");
        assertThat(keys.get("state FAILURE")).contains("task_result_by_state");
        assertThat(keys.get("label")).contains("task_label_by_value");
        assertThat(keys.get("children of a task")).contains("task_result_by_parent");
    }

    @Test
    void searchesByTheGrammarAndTellsWhichPagesArePartial() {
        var searches = (Searches) part(Part.SEARCHES);
        Map<String, Searches.Variant> variants =
                searches.variants().stream().collect(Collectors.toMap(Searches.Variant::q, Function.identity()));

        assertThat(variants).hasSize(13);
        assertThat(searches.variants()).allSatisfy(variant -> {
            assertThat(variant.millis().count() + variant.givenUp()).isBetween(1L, (long) LITTLE.questions());
            assertThat(variant.rowsRead()).isPositive();
        });
        assertThat(variants.get("args.1:customer-042").found()).isPositive();
        assertThat(variants.get("took:>5s").found()).isZero();
    }

    @Test
    void keepsTheTableAtItsSizeByTheJanitorAlone() {
        var retention = (Retention) part(Part.RETENTION);
        Map<String, Retention.Variant> variants =
                retention.variants().stream().collect(Collectors.toMap(Retention.Variant::name, Function.identity()));
        var without = variants.get("without the janitor");
        var with = variants.get("with the janitor");

        assertThat(retention.countedRows()).isEqualTo(retention.reckonedRows());
        assertThat(without.deletedPerSecond()).isZero();
        assertThat(without.last() - without.first()).isPositive();
        assertThat(without.deletions()).isNull();
        assertThat(with.deletedPerSecond()).isPositive();
        assertThat(with.most() - with.fewest()).isLessThan(without.most() - without.fewest() + LITTLE.perSecond());
        assertPlausible(without.writes());
        assertPlausible(with.writes());
        assertThat(with.deletions()).isNotNull().satisfies(ResultsBenchIT::assertPlausible);
    }

    /** The page is written by people and filled by the benchmark: each needs the other's places. */
    @Test
    void fillsThePageOfTheDocs() throws IOException {
        Files.copy(Path.of("../docs/performance.md"), docs.resolve("performance.md"));

        new ResultsPage(docs).write(REPORTS.get(REPORTS.size() - 1));

        assertThat(docs.resolve("performance.md"))
                .content()
                .contains(
                        "| inserts, one connection |",
                        "| label |",
                        "| `took:>5s` |",
                        "| with the janitor |",
                        "task_label_by_value");
        assertThat(docs.resolve("performance/results.json")).content().contains("\"ofBareUpsert\"");
    }

    private static Object part(Part part) {
        return REPORTS.get(REPORTS.size() - 1).parts().get(part);
    }

    private static void assertPlausible(Percentiles millis) {
        assertThat(millis.count()).isPositive();
        assertThat(millis.p50()).isPositive().isLessThanOrEqualTo(millis.p99());
        assertThat(millis.p99()).isLessThanOrEqualTo(millis.max());
    }
}
