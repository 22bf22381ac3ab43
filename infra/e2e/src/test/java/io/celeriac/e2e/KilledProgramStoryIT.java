package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Programs are killed while somebody acts by them; a second gateway is there. */
class KilledProgramStoryIT {

    private static final int MANY = 60;

    private static Installation celeriac;
    private static Program other;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.begin(directory, "--celeriac.worker.id=the-worker");
        other = celeriac.anotherGateway();
        celeriac.awaitHealthy();
    }

    @AfterAll
    static void stop() {
        celeriac.close();
    }

    /** Whichever gateway works on the action at that moment, none of the items is left out, and none runs twice. */
    @Test
    void goesOnWithAnActionWhoseGatewayIsKilled() {
        for (int number = 0; number < MANY; number++) {
            var task = "{\"task\":\"demo.add\",\"args\":[\"two\"," + number + "],\"id\":\"many-" + number
                    + "\",\"labels\":{\"batch\":\"many\"}}";
            assertThat(Http.post(other.url("/api/tasks"), task).status()).isEqualTo(202);
        }
        await("all fail").atMost(ofSeconds(60)).until(() -> count("id LIKE 'many-%' AND state = 'FAILURE'") == MANY);
        var made = Http.post(
                celeriac.api("/actions"), "{\"do\":\"retry\",\"q\":\"label.batch:many since:1h\",\"rate\":15}");
        assertThat(made.status()).isEqualTo(202);
        await("it has begun")
                .atMost(ofSeconds(60))
                .until(() -> action(made.text("id")).path("ended").asInt() > 0);

        celeriac.gateway().kill();

        var done = await("it ends")
                .atMost(ofSeconds(170))
                .until(
                        () -> action(made.text("id")),
                        action -> action.path("state").asString().equals("done"));
        assertThat(done.path("done").asInt()).isEqualTo(MANY);
        assertThat(done.path("expected").asInt()).isEqualTo(MANY);
        await("each has run again")
                .atMost(ofSeconds(60))
                .until(() -> count("retry_of LIKE 'many-%' AND state = 'FAILURE'") == MANY);
        var again = new HashMap<String, Integer>();
        celeriac.rows("SELECT id, retry_of FROM task_result WHERE retry_of LIKE 'many-%'")
                .forEach(row -> again.merge(String.valueOf(row.get("retry_of")), 1, Integer::sum));
        assertThat(again)
                .hasSize(MANY)
                .allSatisfy((old, tasks) -> assertThat(tasks).isEqualTo(1));
        assertThat(attempts())
                .hasSize(MANY)
                .allSatisfy((id, runs) -> assertThat(runs).isEqualTo(1));
        celeriac.gateway().restart().awaitHealthy();
    }

    /** How often each of the new tasks has failed, as the results topic tells. */
    private static Map<String, Integer> attempts() {
        var ids = celeriac.rows("SELECT id FROM task_result WHERE retry_of LIKE 'many-%'").stream()
                .map(row -> String.valueOf(row.get("id")))
                .toList();
        var records = celeriac.resultRecords();
        var failures = new HashMap<String, Integer>();
        ids.forEach(id -> failures.put(id, (int) records.getOrDefault(id, List.of()).stream()
                .filter(record -> record.contains("\"state\":\"FAILURE\""))
                .count()));
        return failures;
    }

    /** What it was told to keep holds when it is back. What it was told to do does not: who told it knows that it has not answered. */
    @Test
    void tellsWhoHasNotAnsweredWhenAWorkerIsKilled() {
        celeriac.awaitRow(submit("before-kill"), "SUCCESS");
        celeriac.worker().kill();

        var drained = Http.post(other.url("/api/workers/the-worker/drain"), "");
        var paused = Http.post(other.url("/api/queues/default/pause"), "{\"note\":\"the worker is gone\"}");

        assertThat(drained.status()).as("it is missing, or lost by now").isIn(202, 409);
        assertThat(paused.status()).isEqualTo(202);
        for (var answer : List.of(drained, paused)) {
            assertThat(answer.body().path("acknowledged").isEmpty()).isTrue();
        }
        submit("after-kill");
        celeriac.worker().restart().awaitHealthy();
        await("it has read the pause")
                .atMost(ofSeconds(60))
                .until(() -> Http.get(celeriac.worker().url("/actuator/tasks/after-kill"))
                        .text("stage")
                        .equals("PAUSE"));
        await("it is not drained")
                .atMost(ofSeconds(60))
                .until(() -> Http.get(other.url("/api/workers/the-worker"))
                        .text("state")
                        .equals("running"));

        assertThat(Http.post(other.url("/api/queues/default/resume"), "").status())
                .isBetween(200, 202);
        celeriac.awaitRow("after-kill", "SUCCESS");
    }

    private static String submit(String id) {
        var task = "{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"" + id + "\"}";
        assertThat(Http.post(other.url("/api/tasks"), task).status()).isEqualTo(202);
        return id;
    }

    private static JsonNode action(String id) {
        return Http.get(other.url("/api/actions/" + id)).body();
    }

    private static long count(String where) {
        return ((Number) celeriac.rows("SELECT COUNT(*) AS tasks FROM task_result WHERE " + where)
                        .get(0)
                        .get("tasks"))
                .longValue();
    }
}
