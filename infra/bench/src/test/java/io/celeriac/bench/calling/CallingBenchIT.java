package io.celeriac.bench.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.harness.Harness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of every part, so that the benchmark does not rot between two uses. The numbers mean nothing. */
class CallingBenchIT {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final Parameters LITTLE =
            new Parameters(2, 1_000, 20, 1, 50, 3, 1, List.of(20, 200), 200, 5, List.of(2, 4), 2);

    private static final List<String> TOLD = new ArrayList<>();
    private static final List<CallingReport> REPORTS = new ArrayList<>();

    private static Harness harness;

    @TempDir
    private Path docs;

    @BeforeAll
    static void run() {
        harness = Harness.start(SMALL_JVM);
        var bench = new Bench(harness, harness.startDatabase(List.of()), LITTLE, InstantSource.system(), TOLD::add);
        new CallingBench(bench, EnumSet.allOf(Part.class), REPORTS::add).run();
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
        assertThat(TOLD).contains("\nsubmit", "\ngets", "\nchords", "\nchain", "\nnesting");
    }

    @Test
    void sendsInEachWay() {
        var submission = (Submission) part(Part.SUBMIT);

        assertThat(submission.variants())
                .extracting(Submission.Variant::name)
                .containsExactly(
                        "bare producer",
                        "a producer that writes the JSON",
                        "`TaskClient.send`",
                        "an interface",
                        "`TaskClient.sendAll`, 1,000 each",
                        "outbox, one by one",
                        "outbox, `sendAll`",
                        "HTTP, one task a call",
                        "HTTP, 1,000 tasks a call");
        assertThat(submission.variants())
                .allSatisfy(variant -> assertThat(variant.tasksPerSecond()).isPositive());
        assertThat(submission.variants().get(0).ofBare()).isEqualTo(1);
    }

    @Test
    void waitsAloneAndAmongOthers() {
        var gets = (Gets) part(Part.GETS);

        assertThat(gets.waiting()).isEqualTo(LITTLE.waiting());
        assertThat(gets.alone().count()).isEqualTo(LITTLE.roundTrips());
        assertThat(gets.among().count()).isEqualTo(LITTLE.roundTrips());
        assertThat(gets.together().count()).isEqualTo(LITTLE.waiting());
    }

    @Test
    void runsChordsBesideTasksWithoutAWorkflow() {
        var chords = (Chords) part(Part.CHORDS);

        assertThat(chords.noopsPerSecond()).isPositive();
        assertThat(chords.variants()).extracting(Chords.Variant::members).isEqualTo(LITTLE.chords());
        assertThat(chords.variants())
                .allSatisfy(variant -> assertThat(variant.ofNoops()).isPositive());
    }

    @Test
    void runsChainsAndNestedWorkflows() {
        var chain = (Chain) part(Part.CHAIN);
        var nesting = (Nesting) part(Part.NESTING);

        assertThat(chain.steps()).isEqualTo(LITTLE.chain());
        assertThat(chain.ofTask()).isPositive();
        assertThat(nesting.variants()).extracting(Nesting.Variant::depth).isEqualTo(LITTLE.depths());
        assertThat(nesting.variants().get(1).bytes())
                .isGreaterThan(nesting.variants().get(0).bytes());
    }

    /** The page is written by people and filled by the benchmark: each needs the other's places. */
    @Test
    void fillsThePageOfTheDocs() throws IOException {
        Files.copy(Path.of("../docs/performance.md"), docs.resolve("performance.md"));

        new CallingPage(docs).write(REPORTS.get(REPORTS.size() - 1));

        assertThat(docs.resolve("performance.md"))
                .content()
                .contains("| bare producer | 1,000 |", "| alone |", "| a chord of 200 |", "| a step of a chain of 5 |");
        assertThat(docs.resolve("performance/calling.json")).content().contains("\"ofNoops\"");
    }

    private static Object part(Part part) {
        return REPORTS.get(REPORTS.size() - 1).parts().get(part);
    }
}
