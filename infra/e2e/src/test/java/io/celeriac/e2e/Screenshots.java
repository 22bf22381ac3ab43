package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes the screenshots of the documents; run by {@code infra/screenshots}, not by the gate. */
class Screenshots {

    private static final Path TARGET =
            Path.of(System.getProperty("celeriac.project"), "infra", "docs", "guides", "console");

    @TempDir
    private Path directory;

    @Test
    void takesThemAll() throws IOException {
        Files.createDirectories(TARGET);
        try (var celeriac = Installation.start(directory);
                var browser = Browser.start()) {
            fill(celeriac);
            take(browser, celeriac, "overview", "/", 1280, false);
            take(browser, celeriac, "overview-dark", "/", 1280, true);
            take(browser, celeriac, "tasks", "/tasks?q=state:FAILURE", 1280, false);
            take(browser, celeriac, "task", "/tasks/refund-7", 1280, false);
            take(browser, celeriac, "workflow", "/workflows/order-4711", 1280, false);
            take(browser, celeriac, "queue", "/queues/default", 1280, false);
            take(browser, celeriac, "workers", "/workers", 1280, false);
            take(browser, celeriac, "schedules", "/schedules", 1280, false);
            take(browser, celeriac, "schedule-form", "/schedules/timing/edit", 1280, false);
            take(browser, celeriac, "phone", "/tasks/refund-7", 380, false);
        }
    }

    private static void fill(Installation celeriac) {
        for (int i = 0; i < 120; i++) {
            celeriac.submit("{\"task\":\"demo.add\",\"args\":[" + i + ",2],\"labels\":{\"tenant\":\"" + i % 5 + "\"}}");
        }
        for (int i = 0; i < 6; i++) {
            celeriac.submit(
                    "{\"task\":\"demo.flaky\",\"args\":[9],\"maxAttempts\":2,\"backoff\":{\"delay\":\"PT1S\"}}");
            celeriac.submit("{\"task\":\"demo.sleep\",\"args\":[120]}");
            celeriac.submit("{\"task\":\"demo.noop\",\"countdown\":" + 600 * (i + 1) + "}");
        }
        celeriac.submit("{\"task\":\"demo.flaky\",\"args\":[9],\"maxAttempts\":3,\"backoff\":{\"delay\":\"PT1S\"},"
                + "\"id\":\"refund-7\",\"key\":\"customer-7\",\"labels\":{\"tenant\":\"42\"}}");
        schedule(celeriac, "{\"name\":\"timing\",\"task\":\"demo.timing\",\"kind\":\"interval\",\"every\":\"PT3S\"}");
        schedule(
                celeriac,
                "{\"name\":\"nightly-report\",\"task\":\"demo.add\",\"args\":[1,2],\"kind\":\"crontab\","
                        + "\"expression\":\"30 4 * * mon-fri\",\"timezone\":\"Europe/Berlin\"}");
        var order = """
                {"id": "order-4711", "name": "order.fulfil", "labels": {"tenant": "42"}, "root": {"chain": [
                  {"task": "demo.noop", "args": [1]},
                  {"map": {"task": {"task": "demo.add", "args": [1]}, "items": [%s"x"]}, "name": "parcels",
                   "onMemberFailure": "keepGoing"},
                  {"chord": {"header": [
                     {"chain": [{"task": "demo.noop", "args": [1], "immutable": true}, {"task": "demo.add", "args": ["y", 2], "immutable": true},
                       {"task": "demo.noop"}]},
                     {"task": "demo.add", "args": [1, 2], "immutable": true},
                     {"task": "demo.sleep", "args": [120], "immutable": true}],
                   "body": {"task": "demo.sum"}}},
                  {"task": "demo.noop"}]}}
                """.formatted("1, ".repeat(400));
        assertThat(Http.post(celeriac.api("/workflows"), order).status()).isEqualTo(202);
        celeriac.awaitRow("refund-7", "FAILURE");
        await("schedule fires")
                .atMost(ofSeconds(60))
                .until(() ->
                        celeriac.rows("SELECT id FROM task_result WHERE schedule_name = 'timing' AND state = 'SUCCESS'")
                                        .size()
                                > 9);
    }

    private static void schedule(Installation celeriac, String json) {
        assertThat(Http.post(celeriac.api("/schedules"), json).status()).isEqualTo(201);
    }

    private static void take(
            Browser browser, Installation celeriac, String name, String path, int width, boolean dark) {
        browser.width(width).dark(dark).open(celeriac.page(path));
        browser.find("h1");
        var shot = browser.driver()
                .executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 80))
                .get("data");
        try {
            Files.write(TARGET.resolve(name + ".webp"), Base64.getDecoder().decode(String.valueOf(shot)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
