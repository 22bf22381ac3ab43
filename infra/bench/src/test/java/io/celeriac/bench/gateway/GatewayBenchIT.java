package io.celeriac.bench.gateway;

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
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A little of every part, so that the benchmark does not rot between two uses. The numbers mean nothing. */
class GatewayBenchIT {

    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
    private static final Parameters LITTLE = new Parameters(
            2,
            3_000,
            List.of(1, 2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            20,
            1,
            Duration.ofMillis(10),
            5,
            Duration.ofSeconds(3),
            600,
            5,
            2,
            "64M",
            "32M",
            1);

    private static final List<String> TOLD = new ArrayList<>();
    private static final List<GatewayReport> REPORTS = new ArrayList<>();

    private static Harness harness;

    @TempDir
    private Path docs;

    @BeforeAll
    static void run() {
        harness = Harness.start(SMALL_JVM, GatewayCommand.BROKER);
        var database = harness.startDatabase(LITTLE.databaseOptions());
        var bench = new Bench(harness, database, LITTLE, InstantSource.system(), TOLD::add);
        new GatewayBench(bench, EnumSet.allOf(Part.class), REPORTS::add).run();
    }

    @AfterAll
    static void end() {
        if (harness != null) {
            harness.close();
        }
    }

    @Test
    void tellsWhatThereIsAfterEachPart() {
        assertThat(REPORTS).extracting(report -> report.parts().size()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(TOLD).contains("\nreaders", "\npages", "\nconsoles", "\nretry", "\nheartbeats", "\nsign-ins");
    }

    @Test
    void answersReadersAndSendsThemEvents() {
        var readers = (Readers) part(Part.READERS);

        assertThat(readers.variants())
                .extracting(Readers.Variant::name)
                .containsExactly("1 readers", "2 readers", "2, each with a search of its own");
        assertThat(readers.variants()).allSatisfy(variant -> {
            assertThat(variant.firstByteMillis().count()).isPositive();
            assertThat(variant.eventsPerSecond()).isPositive();
            assertThat(variant.load().selects()).isPositive();
        });
    }

    @Test
    void visitsEachPageAndWeighsWhatItLoads() {
        Map<String, Pages.Variant> pages = ((Pages) part(Part.PAGES))
                .variants().stream().collect(Collectors.toMap(Pages.Variant::path, Function.identity()));

        assertThat(pages).containsKeys("/", "/tasks", "/tasks/{id}", "/queues", "/workers", "/schedules", "/actions");
        assertThat(pages.values()).allSatisfy(page -> {
            assertThat(page.firstByteMillis().count()).isEqualTo(LITTLE.visits());
            assertThat(page.html()).isGreaterThan(1_000);
            assertThat(page.all()).as("with style sheet, icons and script").isGreaterThan(page.html() + 10_000);
        });
        assertThat(pages.get("/tasks").selects()).isPositive();
    }

    @Test
    void keepsConsolesOpen() {
        var consoles = (Consoles) part(Part.CONSOLES);

        assertThat(consoles.consoles()).isEqualTo(LITTLE.consoles());
        assertThat(consoles.firstByteMillis().count()).isPositive();
        assertThat(consoles.heapAtFirst()).isPositive();
        assertThat(consoles.heapAtLast()).isPositive();
    }

    @Test
    void retriesEachFailedTaskOnce() {
        var retries = (Retries) part(Part.RETRY);

        assertThat(retries.tasks()).isEqualTo(LITTLE.retried());
        assertThat(retries.sent()).isEqualTo(LITTLE.retried());
        assertThat(retries.heapMost()).isPositive();
    }

    @Test
    void knowsTheWorkersThatSendHeartbeats() {
        var heartbeats = (Heartbeats) part(Part.HEARTBEATS);

        assertThat(heartbeats.variants()).extracting(Heartbeats.Variant::known).containsExactly(0, LITTLE.workers());
    }

    @Test
    void signsInAndChecksTokens() {
        var signIns = (SignIns) part(Part.SIGN_INS);

        assertThat(signIns.variants()).extracting(SignIns.Variant::name).containsExactly("sign-ins", "token checks");
        assertThat(signIns.variants()).allMatch(variant -> variant.millis().count() > 0);
    }

    /** The page is written by people and filled by the benchmark: each needs the other's places. */
    @Test
    void fillsThePageOfTheDocs() throws IOException {
        Files.copy(Path.of("../docs/performance.md"), docs.resolve("performance.md"));

        new GatewayPage(docs).write(REPORTS.get(REPORTS.size() - 1));

        assertThat(docs.resolve("performance.md"))
                .content()
                .contains("| 2 readers |", "| `/tasks/{id}` |", "| 5 consoles |", "| 600 |", "| token checks |");
        assertThat(docs.resolve("performance/gateway.json")).content().contains("\"heapMost\"");
    }

    private static Object part(Part part) {
        return REPORTS.get(REPORTS.size() - 1).parts().get(part);
    }
}
