package io.celeriac.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Crowds at the door, one after the other: many who wait, many who follow, bodies that do not come, batches as large as
 * they may be. The gateway has 256 MB of heap, and ends where memory does; so it must refuse in time, answer health
 * whatever comes, and take and run a task when the crowd is gone.
 *
 * <p>The gate runs a part of it; {@code -Dload.percent=100} runs 10,000 waiters, 5,000 streams and 100 batches.
 */
class LoadIT {

    private static final Logger LOG = LoggerFactory.getLogger(LoadIT.class);
    private static final int PERCENT = Integer.getInteger("load.percent", 15);
    private static final int STALLED = 500;
    private static final int BATCHES_AT_ONCE = 8;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Installation celeriac;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.start(directory);
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) { // it may not have started
            celeriac.close();
        }
    }

    @Test
    void outlivesEachCrowd() throws Exception {
        crowd("waiters", 10_000 * PERCENT / 100, "GET /api/tasks/nobody?wait=PT15S", "");
        crowd("streams", 5_000 * PERCENT / 100, "GET /api/tasks/events", "");
        crowd(
                "stalled bodies",
                STALLED,
                "POST /api/tasks",
                "Content-Type: application/json\r\nContent-Length: 900\r\n");
        batches(100 * PERCENT / 100);
    }

    private static void crowd(String name, int number, String call, String headers) {
        try (var crowd = new Crowd(celeriac.gatewayPort())) {
            for (var one = 1; one <= number; one++) {
                crowd.join(call + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
                if (one % 250 == 0) {
                    assertHealthy(name + ": " + one + " have come");
                }
            }
            assertHealthy(name);
            var answers = crowd.answers();
            LOG.info("{} {}: answered {}", number, name, answers);
            assertThat(answers.keySet()).as(name).isSubsetOf(0, 200, 404, 408, 503);
        }
        assertThatATaskIsDone(name);
    }

    private static void batches(int number) throws Exception {
        var tooMany = batch(10_001);
        var threads = Executors.newFixedThreadPool(BATCHES_AT_ONCE);
        var answers = new TreeMap<Integer, Integer>();
        try {
            var calls = IntStream.range(0, number)
                    .<Callable<Integer>>mapToObj(one -> () -> post(tooMany))
                    .toList();
            for (var answer : threads.invokeAll(calls)) {
                answers.merge(answer.get(), 1, Integer::sum);
                assertHealthy("batches");
            }
        } finally {
            threads.shutdownNow();
        }
        LOG.info("{} batches of {} MB: answered {}", number, tooMany.length >> 20, answers);
        assertThat(answers.keySet()).as("batches").isSubsetOf(0, 413, 503);
        assertThat(answers).containsKey(413);
        await("a batch is taken").atMost(SOON).until(() -> post(batch(2_000)) == 202);
        assertThatATaskIsDone("batches");
    }

    private static int post(byte[] batch) {
        return Crowd.ask(
                celeriac.gatewayPort(),
                "POST /api/tasks/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + batch.length + "\r\n\r\n",
                batch);
    }

    /** Of 32 MB, whatever the number of its tasks. */
    private static byte[] batch(int tasks) {
        var padding = "x".repeat((32_000_000 / tasks) - 50);
        var batch = new StringBuilder(33_000_000).append('[');
        for (var task = 0; task < tasks; task++) {
            batch.append(task == 0 ? "" : ",")
                    .append("{\"task\":\"demo.noop\",\"args\":[\"")
                    .append(padding)
                    .append("\"]}");
        }
        return batch.append(']').toString().getBytes(UTF_8);
    }

    private static void assertHealthy(String when) {
        var begun = System.nanoTime();
        var status = Crowd.ask(
                celeriac.gatewayPort(), "GET /actuator/health HTTP/1.1\r\nHost: localhost\r\n\r\n", new byte[0]);

        assertThat(status).as("health, " + when).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("health, " + when)
                .isLessThan(Duration.ofSeconds(10));
    }

    private static void assertThatATaskIsDone(String after) {
        await("a task is taken after the " + after).atMost(SOON).until(() -> {
            var receipt = celeriac.submit("{\"task\":\"demo.add\",\"args\":[2,3]}");
            return receipt.status() == 202
                    && List.of("SUCCESS")
                            .contains(Http.get(celeriac.api("/tasks/" + receipt.text("id") + "?wait=PT20S"))
                                    .text("state"));
        });
        assertHealthy("after the " + after);
    }
}
