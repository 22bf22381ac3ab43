package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.e2e.Http.Answer;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The day of an operator, as the guide of operating tells it, against the real programs. */
class OperatingStoryIT {

    private static final int THREADS = 4;

    /** All workers have acknowledged it, or one takes longer than a second, as it may on a busy machine. */
    private static final Set<Integer> ACCEPTED = Set.of(200, 202);

    private static Installation celeriac;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.start(
                directory, "--celeriac.worker.id=the-worker", "--celeriac.worker.concurrency=" + THREADS);
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) { // it may not have started
            celeriac.close();
        }
    }

    @Test
    void seesWhyAQueueIsFullPausesItRetriesWhatFailedAndPurgesTheRest() {
        IntStream.range(0, 12).forEach(number -> submit("demo.sleep", "slow-" + number, "4"));
        submit("demo.add", "wrong", "\"two\", 3");
        var full = awaitQueue(queue -> queue.path("running").asInt() == THREADS
                && queue.path("waiting").path("thread").asInt() > 0);
        assertThat(full.path("workers").path(0).asString()).isEqualTo("the-worker");
        assertThat(full.has("oldestReadyAge")).isTrue();
        assertThat(Http.get(celeriac.api("/queues/default/scale"))
                        .body()
                        .path("desired")
                        .asInt())
                .isGreaterThan(1);
        var worker = Http.get(celeriac.api("/workers/the-worker")).body();
        assertThat(worker.path("attempts").size()).isEqualTo(THREADS);
        assertThat(worker.path("handlers").toString()).contains("demo.sleep", "seconds");

        var paused = Http.post(celeriac.api("/queues/default/pause"), "{\"note\":\"the disk is full\"}");
        assertThat(paused.status()).isIn(ACCEPTED);
        assertThat(paused.body().toString()).as("acknowledged, or not yet").contains("the-worker");
        var told = submit("demo.add", "told", "1, 1");
        assertThat(told.body().path("warnings").path(0).asString()).contains("the disk is full");
        awaitQueue(queue -> queue.path("running").asInt() == 0
                && queue.path("waiting").path("pause").asInt() > 0);
        celeriac.worker().restart().awaitHealthy();
        awaitQueue(queue -> queue.path("waiting").path("pause").asInt() > 0);
        await("it waits for the end of the pause")
                .atMost(ofSeconds(20))
                .until(() -> Http.get(celeriac.worker().url("/actuator/tasks/told"))
                        .text("stage")
                        .equals("PAUSE"));

        assertThat(Http.put(celeriac.api("/handlers/demo.sleep/limits"), "{\"concurrency\":1}")
                        .status())
                .isIn(ACCEPTED);
        assertThat(Http.post(celeriac.api("/queues/default/resume"), "").status())
                .isIn(ACCEPTED);
        celeriac.awaitRow("told", "SUCCESS");
        celeriac.awaitRow("wrong", "FAILURE");
        awaitQueue(queue -> queue.path("running").asInt() == 1
                && queue.path("waiting").path("limit").asInt() > 0);
        assertThat(Http.delete(celeriac.api("/handlers/demo.sleep/limits")).status())
                .isIn(ACCEPTED);

        var action = Http.post(celeriac.api("/actions"), "{\"do\":\"retry\",\"q\":\"state:FAILURE since:1h\"}");
        assertThat(action.status()).isEqualTo(202);
        await("the action ends")
                .atMost(ofSeconds(40))
                .until(() -> Http.get(celeriac.api("/actions/" + action.text("id")))
                        .text("state")
                        .equals("done"));

        celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"parked\",\"countdown\":3600}");
        celeriac.awaitRow("parked", "PENDING");
        assertThat(Http.post(celeriac.api("/queues/default/purge"), "").status())
                .isIn(ACCEPTED);
        celeriac.awaitRow("parked", "REVOKED");
        assertThat(Http.get(celeriac.api("/tasks/parked")).text("reason")).isEqualTo("purged");
        submit("demo.noop", "after", "1");
        celeriac.awaitRow("after", "SUCCESS");
    }

    @Test
    void drainsTheWorkerAndResumesIt() {
        celeriac.awaitRow(submit("demo.noop", "before-drain", "1").text("id"), "SUCCESS");
        assertThat(Http.post(celeriac.api("/workers/the-worker/drain"), "").status())
                .isIn(ACCEPTED);
        await("the worker is drained")
                .atMost(ofSeconds(60))
                .until(() -> Http.get(celeriac.api("/workers/the-worker"))
                        .text("state")
                        .equals("drained"));
        assertThat(Http.get(celeriac.worker().url("/actuator/health")).status()).isEqualTo(200);
        await("whoever submits is told")
                .atMost(ofSeconds(10))
                .until(() -> submit("demo.noop", "drained", "1")
                        .body()
                        .path("warnings")
                        .path(0)
                        .asString("")
                        .contains("no live worker takes queue default"));
        var queue = Http.get(celeriac.api("/queues/default")).body();
        assertThat(queue.path("depth").isNull()).as("nobody knows what waits").isTrue();
        assertThat(queue.path("unknown").path(0).asString()).contains("no live worker owns partition");

        assertThat(Http.post(celeriac.api("/workers/the-worker/resume"), "").status())
                .isIn(ACCEPTED);
        celeriac.awaitRow("drained", "SUCCESS");
    }

    private static Answer submit(String task, String id, String args) {
        return celeriac.submit("{\"task\":\"" + task + "\",\"args\":[" + args + "],\"id\":\"" + id + "\"}");
    }

    private static JsonNode awaitQueue(Predicate<JsonNode> condition) {
        return await("queue default")
                .atMost(ofSeconds(60))
                .until(() -> Http.get(celeriac.api("/queues/default")).body(), condition);
    }
}
