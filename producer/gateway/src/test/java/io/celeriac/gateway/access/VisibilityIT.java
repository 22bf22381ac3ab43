package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.testkit.TestStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What callers see that are narrowed to queues, or may not read payloads. */
class VisibilityIT {

    private static SecuredGateway gateway;
    private static Client ofMail;
    private static Client ofReports;
    private static Client viewer;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
        ofMail = gateway.program("of-mail", "\"role\":\"operator\",\"queues\":[\"mail\"]");
        ofReports = gateway.program("of-reports", "\"role\":\"operator\",\"queues\":[\"reports\"]");
        viewer = gateway.program("viewer", "\"role\":\"viewer\"");
        var jdbc = JdbcClient.create(gateway.program().getBean(DataSource.class));
        for (var queue : List.of("mail", "reports")) {
            jdbc.sql("INSERT INTO task_result (id, task, queue, state, attempt, revision, args, kwargs, error_type,"
                            + " error_message, priority, labels, submitted_at) VALUES (:id, 'a', :queue,"
                            + " 'FAILURE', 1, 2, '[\"secret\"]', '{}', 'Boom', 'secret', 5, '{}', :at)")
                    .param("id", "in-" + queue)
                    .param("queue", queue)
                    .param("at", LocalDateTime.ofInstant(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC))
                    .update();
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/in-mail",
                "/api/tasks/in-mail/attempts",
                "/api/tasks/in-mail/children",
                "/api/tasks/in-mail/retries"
            })
    void hidesATaskOfAnotherQueue(String path) {
        assertThat(ofMail.get(path).statusCode()).isEqualTo(200);
        assertThat(ofReports.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void hidesTasksOfOtherQueuesFromLists() {
        assertThat(ids(gateway.admin(), "")).containsExactlyInAnyOrder("in-mail", "in-reports");
        assertThat(ids(ofReports, "")).containsExactly("in-reports");
        assertThat(ids(ofReports, "?queue=mail")).isEmpty();
        assertThat(ids(ofReports, "?q=queue:mail%20OR%20task:a")).containsExactly("in-reports");
    }

    private static List<String> ids(Client client, String query) {
        return json(client.get("/api/tasks" + query))
                .get("items")
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    /** Readers of the same page within a second share what was found. */
    @Test
    void showsPayloadsToThoseWhoMayReadThemAlone() {
        for (var round = 0; round < 3; round++) {
            assertThat(viewer.get("/api/tasks?task=a").body())
                    .contains("in-mail")
                    .doesNotContain("secret");
            assertThat(gateway.admin().get("/api/tasks?task=a").body()).contains("in-mail", "[\"secret\"]");
            assertThat(viewer.get("/tasks?q=task:a").body()).contains("in-mail").doesNotContain("secret");
        }
    }

    @Test
    void takesTasksOfGrantedQueuesOnly() {
        assertThat(ofMail.post("/api/tasks", task("mail")).statusCode()).isEqualTo(202);
        var refused = ofMail.post("/api/tasks", task("reports"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(json(refused).get("detail").asString()).contains("task:submit");
        var step = "{\"task\":\"b\",\"onSuccess\":[{\"task\":\"c\",\"queue\":\"reports\"}]}";
        var steps = ofMail.post("/api/tasks", "{\"task\":\"a\",\"queue\":\"mail\",\"onFailure\":[" + step + "]}");
        assertThat(steps.statusCode()).isEqualTo(403);
        assertThat(json(steps).get("detail").asString()).contains("onFailure[0].onSuccess[0].queue");
        var batch = ofMail.post("/api/tasks/batch", "[" + task("mail") + "," + task("reports") + "]");
        assertThat(batch.statusCode()).isEqualTo(403);
        assertThat(json(batch).get("detail").asString()).contains("[1].queue");
    }

    private static String task(String queue) {
        return "{\"task\":\"a\",\"queue\":\"" + queue + "\"}";
    }

    @Test
    void takesNoIdOfATaskInAnotherQueue() {
        var mine = "{\"task\":\"a\",\"queue\":\"reports\",\"id\":\"in-mail\"}";
        var refused = ofReports.post("/api/tasks", mine);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).get("detail").asString()).startsWith("id: ");
        var batch = ofReports.post("/api/tasks/batch", "[" + task("reports") + "," + mine + "]");
        assertThat(batch.statusCode()).isEqualTo(409);
        assertThat(json(batch).get("detail").asString()).startsWith("[1].id: ");
        assertThat(ofReports
                        .call("POST", "/api/tasks/in-reports/retry", "{}", "Idempotency-Key", "in-mail")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void showsOnlyTheQueuesOfTheCaller() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> gateway.admin().get("/api/queues").body().contains("\"reports\""));

        assertThat(ofMail.get("/api/queues").body()).contains("\"mail\"").doesNotContain("reports");
        assertThat(ofMail.get("/api/workers").statusCode()).isEqualTo(200);
        assertThat(ofMail.get("/api/handlers").statusCode()).isEqualTo(200);
        assertThat(ofMail.get("/api/dead-letters").statusCode()).isEqualTo(200);
        assertThat(ofMail.post("/api/dead-letters/0/0/replay", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void revokesTasksOfGrantedQueuesOnly() {
        assertThat(ofMail.post("/api/tasks/in-mail/revoke", "").statusCode()).isEqualTo(202);
        assertThat(ofMail.post("/api/tasks/in-reports/revoke", "").statusCode()).isEqualTo(404);
        assertThat(ofMail.post("/api/tasks/unknown/revoke", "").statusCode()).isEqualTo(404);
        assertThat(gateway.admin().post("/api/tasks/unknown/revoke", "").statusCode())
                .isEqualTo(202);
    }

    @Test
    void changesSchedulesOfGrantedQueuesOnly() {
        assertThat(ofMail.post("/api/schedules", schedule("mine", "mail")).statusCode())
                .isEqualTo(201);
        assertThat(ofMail.post("/api/schedules", schedule("other", "reports")).statusCode())
                .isEqualTo(403);
        assertThat(ofReports.get("/api/schedules/mine").statusCode()).isEqualTo(404);
        for (var call : List.of("pause", "resume", "fire")) {
            assertThat(ofReports.post("/api/schedules/mine/" + call, "").statusCode())
                    .as(call)
                    .isEqualTo(404);
        }
        assertThat(ofReports
                        .call("PUT", "/api/schedules/mine", schedule("mine", "reports"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(ofReports.call("DELETE", "/api/schedules/mine", "").statusCode())
                .isEqualTo(404);
        assertThat(ofReports.get("/api/schedules").body()).doesNotContain("mine");
        assertThat(ofMail.get("/api/schedules").body()).contains("mine");
        assertThat(json(ofMail.get("/api/schedules/mine")).get("createdBy").asString())
                .isEqualTo("of-mail");
    }

    @Test
    void listsTheSchedulesOfAllQueuesThatAreGranted() {
        var ofBoth = gateway.program("of-both", "\"role\":\"operator\",\"queues\":[\"mail\",\"reports\"]");
        gateway.admin().post("/api/schedules", schedule("both-mail", "mail"));
        gateway.admin().post("/api/schedules", schedule("both-reports", "reports"));
        gateway.admin().post("/api/schedules", schedule("both-neither", "default"));

        assertThat(ofBoth.get("/api/schedules?namePrefix=both").body())
                .contains("both-mail", "both-reports")
                .doesNotContain("both-neither");
        assertThat(ofBoth.get("/api/schedules?namePrefix=both&queue=mail").body())
                .contains("both-mail")
                .doesNotContain("both-reports");
        assertThat(ofBoth.get("/api/schedules?queue=default").statusCode()).isEqualTo(403);
    }

    private static String schedule(String name, String queue) {
        return "{\"name\":\"" + name + "\",\"task\":\"a\",\"args\":[\"secret\"],\"queue\":\"" + queue
                + "\",\"kind\":\"interval\",\"every\":\"PT1H\"}";
    }

    @Test
    void leavesPayloadsOutAndSaysSo() {
        gateway.admin().post("/api/schedules", schedule("seen", "mail"));

        for (var path : List.of("/api/tasks/in-mail", "/api/tasks", "/api/schedules/seen", "/api/schedules")) {
            var answer = viewer.get(path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("secret").contains("withheld", "task:payload");
            assertThat(gateway.admin().get(path).body()).contains("secret").doesNotContain("withheld");
        }
    }

    /** A file in CSV has no place to say so: its columns are empty. */
    @Test
    void leavesPayloadsOutOfFiles() {
        assertThat(viewer.get("/api/tasks/export?format=json").body())
                .doesNotContain("secret")
                .contains("in-mail", "withheld", "task:payload");
        assertThat(viewer.get("/api/tasks/export").body()).contains("in-mail").doesNotContain("secret");
        assertThat(gateway.admin().get("/api/tasks/export").body()).contains("in-mail", "secret");
    }

    @Test
    void leavesPayloadsOutInEveryForm() {
        for (var path : List.of("/api/tasks/in-mail", "/api/tasks", "/api/dead-letters")) {
            var answer = viewer.call("GET", path, "", "Accept", "application/yaml");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(406);
            assertThat(answer.body()).doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text=secret", "q=secret", "q=error:secret", "q=args.0:secret", "q=-(task:a%20OR%20secret)"})
    void findsNoPayloadByGuessing(String query) {
        assertThat(viewer.get("/api/tasks?" + query).statusCode()).isEqualTo(403);
        assertThat(viewer.get("/api/tasks?q=state:FAILURE").statusCode()).isEqualTo(200);
    }

    @Test
    void streamsNoPayloadsAndNoOtherQueuesUntilTheTokenExpires() throws Exception {
        var expires = Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(8);
        var created = gateway.admin()
                .post(
                        "/api/tokens",
                        "{\"name\":\"stream\",\"authorities\":[\"task:read\"],\"queues\":[\"mail\"],\"expiresAt\":\""
                                + expires + "\"}");
        var lines = new CopyOnWriteArrayList<String>();
        var port = gateway.program().getEnvironment().getProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/tasks/events"))
                .header("Authorization", "Bearer " + json(created).get("token").asString())
                .build();
        var stream = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        new Thread(() -> {
                    try (var in = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                        in.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        lines.add("closed");
                    }
                    lines.add("ended");
                })
                .start();

        sendResult("reports");
        sendResult("mail");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> String.join("\n", lines).contains("s-mail"));
        assertThat(String.join("\n", lines))
                .doesNotContain("s-reports", "secret")
                .contains("withheld");
        await().atMost(Duration.ofSeconds(30)).until(() -> lines.contains("ended"));
        assertThat(lines).contains("event: dropped");
    }

    private static void sendResult(String queue) throws Exception {
        var result = TaskResult.of(Task.named("a").id("s-" + queue).build(), queue, TaskState.FAILURE)
                .error(new TaskError("Boom", "secret", null))
                .build();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            new Topics(gateway.namespace()).results(),
                            ("s-" + queue).getBytes(StandardCharsets.UTF_8),
                            TaskJson.bytes(result)))
                    .get();
        }
    }
}
