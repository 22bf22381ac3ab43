package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Workflows through the programs as users run them; programs that coordinate them are killed. */
class WorkflowStoryIT {

    private static final int MANY = 100;
    private static final int MEMBERS = 4;
    private static final String SESSION = "--celeriac.worker.session-timeout=PT6S";

    private static Installation celeriac;
    private static Program other;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.begin(directory);
        other = celeriac.anotherWorker(SESSION);
        celeriac.awaitHealthy();
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) {
            celeriac.close();
        }
    }

    private static void submit(String json) {
        var answer = Http.post(celeriac.api("/workflows"), json);
        assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(202);
    }

    private static JsonNode end(String id) {
        return Http.get(celeriac.api("/tasks/" + id + "?wait=PT20S")).body();
    }

    @Test
    void aChordOverHttpAsTheGuideHasIt() {
        submit("""
                {"id": "first-workflow",
                 "root": {"chord": {
                   "header": [{"task": "demo.add", "args": [1, 2]}, {"task": "demo.add", "args": [3, 4]}],
                   "body": {"task": "demo.sum"}}}}
                """);
        assertThat(end("first-workflow").path("result").asInt()).isEqualTo(10);
        var workflow = await("its row")
                .atMost(ofSeconds(30))
                .until(
                        () -> Http.get(celeriac.api("/workflows/first-workflow"))
                                .body(),
                        body -> body.path("state").asString("").equals("SUCCESS"));
        assertThat(workflow.path("tasks").asInt()).isEqualTo(3);
        assertThat(workflow.path("ended").asInt()).isEqualTo(3);
    }

    /** Every workflow ends, each body runs once, and the counts are those of the lists. */
    @Test
    void everyWorkflowEndsThoughItsCoordinatorIsKilled() {
        for (int i = 0; i < MANY; i++) {
            submit(chord(i));
        }
        await("the first ends").atMost(ofSeconds(60)).until(() -> ended() > 0);
        celeriac.worker().kill();
        await("others end").atMost(ofSeconds(90)).until(() -> ended() > MANY / 4);
        celeriac.worker().restart().awaitHealthy();
        other.kill();
        await("all end").atMost(ofSeconds(120)).until(() -> ended() == MANY);
        other.restart().awaitHealthy();

        for (int i = 0; i < MANY; i++) {
            var end = end("many-" + i);
            assertThat(end.path("state").asString()).as("many-" + i).isEqualTo(isBroken(i) ? "FAILURE" : "SUCCESS");
            if (!isBroken(i)) {
                assertThat(end.path("result").asInt()).isEqualTo(MEMBERS * i);
            }
        }
        await("counts equal lists")
                .atMost(ofSeconds(60))
                .untilAsserted(() -> assertThat(rows(
                                "SELECT w.id FROM workflow w WHERE w.id LIKE 'many-%' AND w.tasks = w.ended AND w.ended ="
                                        + " (SELECT COUNT(*) FROM task_result t WHERE t.root_id = w.id AND t.id <> w.id"
                                        + " AND t.state IN ('SUCCESS', 'FAILURE', 'REVOKED'))"))
                        .hasSize(MANY));
        assertThat(rows("SELECT root_id FROM task_result WHERE task = 'demo.sum' AND state = 'SUCCESS'"
                        + " AND root_id LIKE 'many-%'"))
                .as("bodies that ran")
                .hasSize(
                        (int) IntStream.range(0, MANY).filter(i -> !isBroken(i)).count());
    }

    private static boolean isBroken(int i) {
        return i % 10 == 3;
    }

    private static String chord(int i) {
        var members = IntStream.range(0, MEMBERS)
                .mapToObj(member -> isBroken(i) && member == 2
                        ? "{\"task\":\"demo.add\",\"args\":[\"two\",1],\"maxAttempts\":1}"
                        : "{\"chain\":[{\"task\":\"demo.sleep\",\"args\":[0.3]},{\"task\":\"demo.noop\",\"args\":[" + i
                                + "],\"immutable\":true}]}")
                .toList();
        return "{\"id\":\"many-" + i + "\",\"root\":{\"chord\":{\"header\":[" + String.join(",", members)
                + "],\"body\":{\"task\":\"demo.sum\"}}}}";
    }

    private static long ended() {
        return rows("SELECT id FROM workflow WHERE id LIKE 'many-%' AND finished_at IS NOT NULL")
                .size();
    }

    private static List<?> rows(String sql) {
        return celeriac.rows(sql);
    }
}
