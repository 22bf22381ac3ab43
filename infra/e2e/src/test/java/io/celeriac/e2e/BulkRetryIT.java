package io.celeriac.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand failed tasks, retried by one person in a real browser.
 *
 * <p>What must hold: the person knows before how many tasks it concerns and sees some of them, cannot begin it by one slip, sees it proceed
 * on a page that stays open, and each task runs again once.
 */
class BulkRetryIT {

    private static final int TASKS = 10_000;
    private static final int BATCH = 2_000;

    private static Installation celeriac;

    @BeforeAll
    static void start(@TempDir Path directory) {
        var missing = Browser.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        celeriac = Installation.start(directory);
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) {
            celeriac.close();
        }
    }

    @Test
    void retriesTenThousandFailedTasksOnceEach() {
        for (var first = 0; first < TASKS; first += BATCH) {
            var answer = Http.post(celeriac.api("/tasks/batch"), batch(first));
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        }
        celeriac.submit(
                "{\"task\":\"demo.add\",\"args\":[\"x\",1],\"id\":\"other\"}"); // fails too, and is not searched for
        await().atMost(ofMinutes(4)).until(() -> failed() == TASKS + 1);

        try (var browser = Browser.start().width(1280).dark(false)) {
            browser.open(celeriac.page("/tasks?q=state:FAILURE%20label.batch:again"));
            browser.awaitText("Retry all that match…");
            browser.button("Retry all that match…").click();
            browser.awaitText("10,000 will be touched");
            assertThat(browser.text("#act .act-preview")).contains("demo.add");
            var start = browser.find("#act [type=submit]");
            assertThat(start.isEnabled()).isFalse();
            browser.find("#act-count").sendKeys("10000");
            start.click();

            browser.awaitAddress("/actions/");
            var shown = progress(browser);
            assertThat(shown).last().isEqualTo("10,000 of 10,000");
            assertThat(browser.text("[data-part=state]")).contains("Done");
            assertThat(browser.texts("[data-part=progress] dd"))
                    .as("done, refused and failed")
                    .containsExactly("10,000", "0", "0");
            assertThat(browser.complaints()).isEmpty();
        }

        await().atMost(ofMinutes(4)).until(() -> failed() == 2 * TASKS + 1);
        var retried = celeriac.rows("SELECT COUNT(*) AS tasks, COUNT(DISTINCT retry_of) AS originals,"
                + " SUM(retry_of LIKE 'again-%') AS searched FROM task_result WHERE retry_of IS NOT NULL");
        assertThat(retried).singleElement().satisfies(row -> {
            assertThat(((Number) row.get("tasks")).intValue()).isEqualTo(TASKS);
            assertThat(((Number) row.get("originals")).intValue()).isEqualTo(TASKS);
            assertThat(((Number) row.get("searched")).intValue()).isEqualTo(TASKS);
        });
    }

    private static String batch(int first) {
        return IntStream.range(first, first + BATCH)
                .mapToObj(number -> "{\"task\":\"demo.add\",\"args\":[\"x\"," + number + "],\"id\":\"again-" + number
                        + "\",\"labels\":{\"batch\":\"again\"}}")
                .collect(joining(",", "[", "]"));
    }

    private static int failed() {
        var rows = celeriac.rows("SELECT COUNT(*) AS tasks FROM task_result WHERE state = 'FAILURE'");
        return ((Number) rows.get(0).get("tasks")).intValue();
    }

    /** What the page said of its progress, while nobody touched it. */
    private static Set<String> progress(Browser browser) {
        var shown = new LinkedHashSet<String>();
        await().atMost(ofMinutes(4)).pollInterval(ofSeconds(1)).until(() -> {
            shown.add(browser.text("[data-part=progress] h2"));
            return browser.text("[data-part=state]").contains("Done");
        });
        shown.add(browser.text("[data-part=progress] h2"));
        return shown;
    }
}
