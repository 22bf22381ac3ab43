package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The story of the guide of acting, against the real programs: what failed is corrected, and runs again. */
class ActingStoryIT {

    private static Installation celeriac;

    @BeforeAll
    static void start(@TempDir Path directory) {
        celeriac = Installation.start(directory, "--celeriac.worker.unknown-task-patience=PT1S");
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) { // it may not have started
            celeriac.close();
        }
    }

    @Test
    void runsATaskAgainWithACorrectedArgument() {
        fail("wrong");

        var receipt = Http.post(celeriac.api("/tasks/wrong/retry"), "{\"args\":[2,3]}");

        assertThat(receipt.status()).isEqualTo(202);
        celeriac.awaitRow(receipt.text("id"), "SUCCESS");
        var again = Http.get(celeriac.api("/tasks/" + receipt.text("id")));
        assertThat(again.text("retryOf")).isEqualTo("wrong");
        assertThat(again.body().path("result").intValue()).isEqualTo(5);
        assertThat(Http.get(celeriac.api("/tasks/wrong")).text("state")).isEqualTo("FAILURE");
    }

    /** A moment after the failure: workers still remember the id, and would drop a second task with it as a duplicate. */
    @Test
    void runsADeadLetterAgainAlthoughItsIdIsRemembered() {
        fail("dead");
        var letter = await("dead letter")
                .atMost(ofSeconds(30))
                .until(() -> letterOf("dead"), found -> !found.isMissingNode());
        var path = "/dead-letters/" + letter.path("partition").asInt() + "/"
                + letter.path("offset").asLong();

        var same = Http.post(celeriac.api(path + "/replay"), "{}");
        var corrected = Http.post(
                celeriac.api(path + "/replay"), "{\"value\":{\"task\":\"demo.add\",\"id\":\"dead\",\"args\":[20,22]}}");

        assertThat(same.status()).isEqualTo(202);
        celeriac.awaitRow(same.text("id"), "FAILURE");
        celeriac.awaitRow(corrected.text("id"), "SUCCESS");
        var ran = Http.get(celeriac.api("/tasks/" + corrected.text("id")));
        assertThat(ran.body().path("result").intValue()).isEqualTo(42);
        assertThat(ran.text("retryOf")).isEqualTo("dead");
        assertThat(Http.get(celeriac.api(path)).body().path("replays").size()).isEqualTo(2);
    }

    @Test
    void namesTheTaskThatHasTheUniqueKey() {
        var unique = "\"unique\":{\"key\":\"invoice-7\",\"window\":\"PT1H\"}";
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"unique-1\"," + unique + "}");
        celeriac.awaitRow("unique-1", "SUCCESS");

        celeriac.submit("{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"unique-2\"," + unique + "}");

        celeriac.awaitRow("unique-2", "REVOKED");
        var second = Http.get(celeriac.api("/tasks/unique-2"));
        assertThat(second.text("reason")).isEqualTo("notUnique");
        assertThat(second.text("winner")).isEqualTo("unique-1");
    }

    @Test
    void retriesAllThatFailedEachOnce() {
        IntStream.range(0, 30)
                .forEach(number -> celeriac.submit("{\"task\":\"demo.add\",\"args\":[\"two\"," + number
                        + "],\"id\":\"all-" + number + "\",\"labels\":{\"batch\":\"all\"}}"));
        IntStream.range(0, 30).forEach(number -> celeriac.awaitRow("all-" + number, "FAILURE"));
        var q = "{\"do\":\"retry\",\"q\":\"label.batch:all since:1h\"}";

        var made = Http.post(celeriac.api("/actions"), q);
        var address = celeriac.api("/actions/" + made.text("id"));
        var done = await("action")
                .atMost(ofSeconds(40))
                .until(
                        () -> Http.get(address).body(),
                        action -> action.path("state").asString().equals("done"));

        assertThat(done.path("done").asInt()).isEqualTo(30);
        await("each ran again, and failed again")
                .atMost(ofSeconds(40))
                .until(() -> celeriac.rows("SELECT retry_of FROM v_task_result WHERE retry_of LIKE 'all-%'"
                                        + " AND state = 'FAILURE'")
                                .size()
                        == 30);
        assertThat(celeriac.rows("SELECT DISTINCT retry_of FROM v_task_result WHERE retry_of LIKE 'all-%'"))
                .hasSize(30);
    }

    /** Its arguments are not in the results, as it is not known which of them are secret. */
    @Test
    void doesNotRetryATaskThatNoWorkerKnowsWithoutItsArguments() {
        celeriac.submit("{\"task\":\"demo.unknown\",\"args\":[1],\"id\":\"unknown\"}");
        celeriac.awaitRow("unknown", "FAILURE");

        assertThat(Http.post(celeriac.api("/tasks/unknown/retry"), "{}").status())
                .isEqualTo(409);
        assertThat(Http.post(celeriac.api("/tasks/unknown/retry"), "{\"args\":[1],\"kwargs\":{}}")
                        .status())
                .isEqualTo(202);
    }

    /** Submits a task that fails for its arguments. */
    private static void fail(String id) {
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[\"two\",3],\"id\":\"" + id + "\"}");
        celeriac.awaitRow(id, "FAILURE");
    }

    private static JsonNode letterOf(String id) {
        return Http.get(celeriac.api("/dead-letters?limit=200"))
                .body()
                .path("items")
                .valueStream()
                .filter(letter -> letter.path("value").asString("").contains("\"" + id + "\""))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }
}
