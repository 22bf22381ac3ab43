package io.celeriac.e2e;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes the screenshots of the documents; run by {@code infra/screenshots}, not by the gate. */
class Screenshots {

    private static final Path TARGET =
            Path.of(System.getProperty("celeriac.project"), "infra", "docs", "guides", "console");

    private static final Duration LOAD = Duration.parse(System.getProperty("celeriac.screenshots.load", "PT10M"));

    @TempDir
    private Path directory;

    @Test
    void takesThemAll() throws IOException {
        Files.createDirectories(TARGET);
        try (var celeriac = Installation.start(directory);
                var browser = Browser.start()) {
            fill(celeriac);
            take(browser, celeriac, "overview", "/?window=15m", 1280, false);
            take(browser, celeriac, "overview-dark", "/?window=15m", 1280, true);
            take(browser, celeriac, "tasks", "/tasks?q=state:FAILURE", 1280, false);
            take(browser, celeriac, "task", "/tasks/refund-7", 1280, false);
            take(browser, celeriac, "workflow", "/workflows/order-4711", 1280, false);
            take(browser, celeriac, "queue", "/queues/default?window=15m", 1280, false);
            take(browser, celeriac, "workers", "/workers", 1280, false);
            take(browser, celeriac, "schedules", "/schedules", 1280, false);
            take(browser, celeriac, "schedule-form", "/schedules/timing/edit", 1280, false);
            take(browser, celeriac, "phone", "/tasks/refund-7", 380, false);
        }
    }

    /** Makes some minutes of an ordinary day, then one failed task and one failed workflow. */
    private static void fill(Installation celeriac) {
        schedule(celeriac, "{\"name\":\"timing\",\"task\":\"demo.timing\",\"kind\":\"interval\",\"every\":\"PT3S\"}");
        schedule(
                celeriac,
                "{\"name\":\"nightly-report\",\"task\":\"demo.add\",\"args\":[1,2],\"kind\":\"crontab\","
                        + "\"expression\":\"30 4 * * mon-fri\",\"timezone\":\"Europe/Berlin\"}");
        work(celeriac);
        celeriac.submit("{\"task\":\"demo.flaky\",\"args\":[9],\"maxAttempts\":3,\"backoff\":{\"delay\":\"PT1S\"},"
                + "\"id\":\"refund-7\",\"key\":\"customer-7\",\"labels\":{\"tenant\":\"42\"}}");
        celeriac.awaitRow("refund-7", "FAILURE");
        assertThat(Http.post(celeriac.api("/workflows"), order()).status()).isEqualTo(202);
        celeriac.awaitRow("order-4711", "FAILURE");
        for (int i = 0; i < 6; i++) {
            celeriac.submit("{\"task\":\"demo.sleep\",\"args\":[%d]}".formatted(60 + 20 * i));
            celeriac.submit("{\"task\":\"demo.noop\",\"countdown\":" + 600 * (i + 1) + "}");
        }
    }

    private static void work(Installation celeriac) {
        var random = new Random(1);
        var end = System.nanoTime() + LOAD.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            var tasks = new ArrayList<String>();
            var count = 8 + 5 * Math.sin(i / 40.0) + random.nextInt(4);
            for (int j = 0; j < count; j++) {
                tasks.add("{\"task\":\"demo.add\",\"args\":[%d,%d],\"labels\":{\"tenant\":\"%d\"}}"
                        .formatted(i, j, random.nextInt(50)));
            }
            tasks.add(
                    "{\"task\":\"demo.sleep\",\"args\":[0.%d],\"trackStarted\":true}".formatted(1 + random.nextInt(9)));
            if (random.nextInt(12) == 0) {
                tasks.add("{\"task\":\"demo.flaky\",\"args\":[%d],\"maxAttempts\":2,\"backoff\":{\"delay\":\"PT1S\"}}"
                        .formatted(1 + random.nextInt(3)));
            }
            var answer = Http.post(celeriac.api("/tasks/batch"), "[" + String.join(",", tasks) + "]");
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
            LockSupport.parkNanos(ofMillis(500 + random.nextInt(1_500)).toNanos()); // the pace of callers
        }
    }

    private static String order() {
        return """
                {"id": "order-4711", "name": "order.fulfil", "labels": {"tenant": "42"}, "root": {"chain": [
                  {"task": "demo.noop", "args": [1]},
                  {"map": {"task": {"task": "demo.add", "args": [1], "immutable": true}, "items": [%s2]}, "name": "parcels",
                   "onMemberFailure": "keepGoing"},
                  {"chord": {"header": [
                     {"chain": [{"task": "demo.noop", "args": [1], "immutable": true},
                       {"task": "demo.add", "args": ["three", 2], "immutable": true}, {"task": "demo.noop"}]},
                     {"task": "demo.add", "args": [1, 2], "immutable": true},
                     {"task": "demo.add", "args": [3, 4], "immutable": true}],
                   "body": {"task": "demo.sum"}}},
                  {"task": "demo.noop"}]}}
                """.formatted("1, ".repeat(400));
    }

    private static void schedule(Installation celeriac, String json) {
        assertThat(Http.post(celeriac.api("/schedules"), json).status()).isEqualTo(201);
    }

    private static void take(
            Browser browser, Installation celeriac, String name, String path, int width, boolean dark) {
        browser.width(width).dark(dark).open(celeriac.page(path));
        browser.find("h1");
        browser.awaitQuiet();
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
