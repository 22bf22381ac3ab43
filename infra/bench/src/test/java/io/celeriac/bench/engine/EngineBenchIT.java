package io.celeriac.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.report.Percentiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of every part, so that the benchmark does not rot between two uses. The numbers mean nothing. */
class EngineBenchIT {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final Parameters LITTLE = new Parameters(
            3_000,
            1,
            2,
            10,
            5,
            1,
            50,
            100,
            1,
            500,
            List.of("memory"),
            List.of(1, 2),
            20,
            List.of(2, 4),
            List.of(10_000),
            1,
            5,
            3,
            1);

    private static final List<String> TOLD = new ArrayList<>();

    private static Harness harness;
    private static EngineReport report;

    @TempDir
    private Path docs;

    @BeforeAll
    static void run() {
        harness = Harness.start(SMALL_JVM);
        var bench = new Bench(harness, LITTLE, TOLD::add);
        report = new EngineBench(bench, EnumSet.allOf(Part.class), InstantSource.system(), null, Map.of(), TOLD::add)
                .run();
    }

    @AfterAll
    static void end() {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void bringsEachTaskToAResultInEachProgram() {
        var throughput = report.throughput();

        assertThat(throughput.variants()).hasSize(6);
        assertThat(throughput.bytesPerTask()).isBetween(150.0, 210.0);
        assertThat(throughput.variants().get(0).ofBareLoop()).isEqualTo(1);
        assertThat(throughput.variants())
                .allSatisfy(variant -> assertThat(variant.tasksPerSecond()).isPositive())
                .allSatisfy(variant -> assertThat(variant.cpuMicros()).isPositive())
                .flatMap(Throughput.Variant::rounds)
                .allSatisfy(round -> assertThat(round.resultRecords()).isGreaterThanOrEqualTo(LITTLE.tasks()));
        assertThat(throughput.variants())
                .filteredOn(variant -> variant.name().startsWith("engine"))
                .hasSize(3)
                .allSatisfy(variant -> assertThat(variant.changelogRecords()).isPositive());
    }

    @Test
    void measuresEachRoundTripAfterTheWarmUp() {
        assertThat(report.roundTrip().variants())
                .hasSize(3)
                .allSatisfy(variant -> assertPlausible(variant.millis(), LITTLE.roundTrips()))
                .allSatisfy(variant -> assertThat(variant.ofBareTopic()).isPositive());
    }

    @Test
    void runsSleepersAtOnceAndNotOneAfterTheOther() {
        assertThat(report.sleepers().variants())
                .singleElement()
                .satisfies(variant -> assertThat(variant.seconds()).isBetween(1.0, (double) LITTLE.sleepers()));
    }

    @Test
    void measuresTheLatenessOfEachDueTaskAndTheWeightOfTheParked() {
        assertThat(report.lateness().variants())
                .hasSize(2)
                .allSatisfy(variant -> assertPlausible(variant.millis(), LITTLE.due()))
                .allSatisfy(variant -> assertThat(variant.heapMegabytes()).isPositive());
        assertThat(report.lateness().variants().get(1)).satisfies(variant -> {
            assertThat(variant.parked()).isEqualTo(LITTLE.parked());
            assertThat(variant.acceptedPerSecond()).isPositive();
            assertThat(variant.restoreSeconds()).isPositive();
        });
    }

    @Test
    void runsNoPartitionFasterThanItsTasksAllow() {
        assertThat(report.scaling().steps())
                .extracting(Scaling.Step::partitions)
                .containsExactlyElementsOf(LITTLE.scaling());
        assertThat(report.scaling().steps())
                .allSatisfy(step -> assertThat(step.ofLinear()).isPositive());
    }

    @Test
    void measuresWhatPartitionsHandlersAndQueuesCost() {
        assertThat(report.partitions().steps())
                .extracting(Partitions.Step::partitions)
                .containsExactlyElementsOf(LITTLE.partitionCosts());
        assertThat(report.partitions().steps()).allSatisfy(step -> {
            assertThat(step.tasksPerSecond()).isPositive();
            assertThat(step.cpuMicros()).isPositive();
        });
        assertThat(report.breadth().variants())
                .extracting(Breadth.Variant::name)
                .containsExactly("one handler, one queue", "5 handlers, one queue", "one handler, 3 queues");
        assertThat(report.breadth().variants())
                .allSatisfy(variant -> assertThat(variant.tasksPerSecond()).isPositive());
    }

    @Test
    void sendsArgumentsOfEachSize() {
        assertThat(report.payloads().sizes()).singleElement().satisfies(size -> {
            assertThat(size.bytes()).isEqualTo(10_000);
            assertThat(size.throughput().bytesPerTask()).isGreaterThan(10_000);
            assertThat(size.throughput().variants())
                    .extracting(Throughput.Variant::name)
                    .containsExactly(ThroughputBench.BARE_LOOP, ThroughputBench.ENGINE);
        });
    }

    /** The page is written by people and filled by the benchmark: each needs the other's places. */
    @Test
    void fillsThePageOfTheDocs() throws IOException {
        Files.copy(Path.of("../docs/performance.md"), docs.resolve("performance.md"));

        new EnginePage(docs).write(report);

        assertThat(docs.resolve("performance.md"))
                .content()
                .contains("| engine, exactly_once |")
                .contains("| bare topic, no worker |");
        assertThat(docs.resolve("performance/engine.svg")).content().contains("<svg", "Measured on");
        assertThat(docs.resolve("performance/engine.json")).content().contains("\"tasksPerSecond\"");
        assertThat(TOLD).contains("\nthroughput", "\nscaling");
    }

    private static void assertPlausible(Percentiles millis, int count) {
        assertThat(millis.count()).isEqualTo(count);
        assertThat(millis.p50()).isNotNegative().isLessThanOrEqualTo(millis.p95());
        assertThat(millis.p99()).isBetween(millis.p95(), millis.max());
    }
}
