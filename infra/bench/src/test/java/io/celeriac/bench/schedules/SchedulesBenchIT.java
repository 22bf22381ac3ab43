package io.celeriac.bench.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.harness.Harness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of every part, so that the benchmark does not rot between two uses. The numbers mean nothing. */
class SchedulesBenchIT {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final Parameters LITTLE = new Parameters(
            2,
            2_000,
            Spread.ALL,
            List.of(100),
            2,
            true,
            Duration.ofSeconds(8),
            Duration.ofSeconds(4),
            200,
            Duration.ofSeconds(9),
            2_000,
            "64M",
            "32M");
    private static final List<String> TOLD = new ArrayList<>();
    private static final List<SchedulesReport> REPORTS = new ArrayList<>();
    private static Harness harness;

    @TempDir
    private Path docs;

    @BeforeAll
    static void run() {
        harness = Harness.start(SMALL_JVM);
        var database = harness.startDatabase(LITTLE.databaseOptions());
        var bench = new Bench(harness, database, LITTLE, InstantSource.system(), TOLD::add);
        new SchedulesBench(bench, EnumSet.allOf(Part.class), REPORTS::add).run();
    }

    @AfterAll
    static void end() {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void tellsWhatThereIsAfterEachPart() {
        assertThat(REPORTS).extracting(report -> report.parts().size()).containsExactly(1, 2, 3);
        assertThat(TOLD).contains("\nrate", "\nkill", "\nplanning");
    }

    @Test
    void measuresEachRunThatWasDue() {
        var rate = (Rate) part(Part.RATE);

        assertThat(rate.variants()).extracting(Rate.Variant::everything).containsExactly(true, false);
        assertThat(rate.variants()).allSatisfy(variant -> {
            var punctuality = variant.punctuality();
            assertThat(punctuality.due()).isEqualTo(400);
            assertThat(punctuality.came() + variant.skipped()).isGreaterThanOrEqualTo(400);
            assertThat(punctuality.seconds()).hasSize(4);
            assertThat(punctuality.millis().p99())
                    .isPositive()
                    .isLessThanOrEqualTo(punctuality.millis().max());
            assertThat(variant.perSecond()).isPositive(); // a busy machine is late, and then has more to do
        });
    }

    @Test
    void tellsWhatAFiringCosts() {
        var rate = (Rate) part(Part.RATE);

        assertThat(rate.variants()).extracting(Rate.Variant::costs).allSatisfy(costs -> {
            assertThat(costs.scheduler()).isPositive();
            assertThat(costs.database()).isPositive();
            assertThat(costs.databaseForScheduler()).isPositive().isLessThanOrEqualTo(costs.database());
            assertThat(costs.broker()).isPositive();
            assertThat(costs.statements()).isPositive();
            assertThat(costs.batch()).isGreaterThanOrEqualTo(1);
        });
        assertThat(rate.variants().get(0).costs().worker()).isPositive();
        assertThat(rate.variants().get(1).costs().worker()).isNull();
    }

    @Test
    void findsEachRunAgainAfterOneSchedulerWasKilled() {
        var kill = (Kill) part(Part.KILL);

        assertThat(kill.findings().due()).isGreaterThanOrEqualTo(200 * 9);
        assertThat(kill.findings())
                .returns(0, Findings::lost)
                .returns(0, Findings::strange)
                .returns(0, Findings::idsOfSeveral)
                .returns(0, Findings::withoutHistory);
        assertThat(kill.phases()).hasSize(4);
    }

    @Test
    void measuresUntilAllArePlanned() {
        var planning = (Planning) part(Part.PLANNING);

        assertThat(planning.schedules()).isEqualTo(LITTLE.unplanned());
        assertThat(planning.plannedSeconds()).isNotNegative();
        assertThat(planning.schedulerCpu()).isPositive();
    }

    /** The page is written by people and filled by the benchmark: each needs the other's places. */
    @Test
    void fillsThePageOfTheDocs() throws IOException {
        Files.copy(Path.of("../docs/performance.md"), docs.resolve("performance.md"));

        new SchedulesPage(docs).write(REPORTS.get(REPORTS.size() - 1));

        assertThat(docs.resolve("performance.md"))
                .content()
                .contains("| 100/s, 2 schedulers, everything runs |", "| before the kill |", "planned/s");
        assertThat(docs.resolve("performance/schedules.json")).content().contains("\"databaseForScheduler\"");
    }

    private static Object part(Part part) {
        return REPORTS.get(REPORTS.size() - 1).parts().get(part);
    }
}
