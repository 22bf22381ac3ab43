package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.topic.Topics;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import tools.jackson.databind.JsonNode;

/** Answers that are about many queues have the part of them that a narrowed caller may see. */
class NarrowedCallerIT {

    private static final LocalDateTime NOON = LocalDateTime.of(2026, 1, 31, 12, 0);
    private static final String SPAN = "from=2026-01-31T11:00:00Z&to=2026-01-31T13:00:00Z";

    private static SecuredGateway gateway;
    private static Client ofMail;
    private static Client ofReports;
    private static Client ofBoth;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
        ofMail = gateway.program("of-mail", "\"role\":\"operator\",\"queues\":[\"mail\"]");
        ofReports = gateway.program("of-reports", "\"role\":\"operator\",\"queues\":[\"reports\"]");
        ofBoth = gateway.program("of-both", "\"role\":\"operator\",\"queues\":[\"mail\",\"reports\"]");
        for (var queue : List.of("mail", "reports", "invoices")) {
            fill(JdbcClient.create(gateway.program().getBean(DataSource.class)), queue);
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** A failed task with an attempt and a label, and a counter. */
    private static void fill(JdbcClient jdbc, String queue) {
        jdbc.sql("INSERT INTO task_result (id, task, queue, state, attempt, revision, args, kwargs, error_type,"
                        + " error_message, priority, labels, schedule_name, submitted_at, finished_at) VALUES (:id, :task,"
                        + " :queue, 'FAILURE', 1, 2, '[1]', '{}', 'Boom', 'why', 5, '{}', :schedule, :at, :at)")
                .param("id", "in-" + queue)
                .param("task", queue + ".do")
                .param("queue", queue)
                .param("schedule", "nightly-" + queue)
                .param("at", NOON)
                .update();
        jdbc.sql("INSERT INTO task_attempt (task_id, attempt, state, revision, task, error_type, finished_at)"
                        + " VALUES (:id, 1, 'FAILURE', 2, :task, :error, :at)")
                .param("id", "in-" + queue)
                .param("task", queue + ".do")
                .param("error", "Boom" + queue)
                .param("at", NOON)
                .update();
        jdbc.sql("INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (:id, :name, :value, :at)")
                .param("id", "in-" + queue)
                .param("name", "tenant-" + queue)
                .param("value", "value-" + queue)
                .param("at", NOON)
                .update();
        var buckets = Stream.of("run_%02d", "wait_%02d")
                .flatMap(name -> IntStream.rangeClosed(0, 48).mapToObj(name::formatted))
                .toList();
        jdbc.sql("INSERT INTO task_count (minute, queue, task, state, tasks, run_ms, wait_ms, "
                        + String.join(", ", buckets) + ") VALUES (:minute, :queue, :task, 'FAILURE', 1, 0, 0"
                        + ", 0".repeat(buckets.size()) + ")")
                .param("minute", NOON)
                .param("queue", queue)
                .param("task", queue + ".do")
                .update();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/tasks/counts?" + SPAN,
                "/api/tasks/failures?" + SPAN,
                "/api/stats?" + SPAN,
                "/api/tasks/complete?q=queue:",
                "/api/tasks/complete?q=task:",
                "/api/tasks/complete?q=schedule:",
                "/api/tasks/complete?q=label.ten",
                "/api/tasks/complete?q=label.tenant-reports:"
            })
    void tellsOfGrantedQueuesAlone(String path) {
        var answer = ofReports.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("reports").doesNotContain("mail", "invoices");
        assertThat(ofMail.get(path).body()).doesNotContain("\"reports", "value-reports", "Boomreports", "invoices");
        assertThat(gateway.admin().get(path).body()).contains("reports");
        assertThat(ofBoth.get(path).body()).contains("reports").doesNotContain("invoices");
    }

    @Test
    void addsUpTheNumbersOfItsQueues() {
        assertThat(failed(ofMail, "")).isEqualTo(1);
        assertThat(failed(ofBoth, "")).isEqualTo(2);
        assertThat(failed(ofBoth, "&queue=mail")).isEqualTo(1);
        assertThat(failed(gateway.admin(), "")).isEqualTo(3);
        assertThat(ofMail.get("/api/stats?queue=reports").statusCode()).isEqualTo(403);
        assertThat(ofMail.get("/api/stats/depth?queue=mail").statusCode()).isEqualTo(200);
        assertThat(ofMail.get("/api/stats/depth?queue=reports").statusCode()).isEqualTo(403);
    }

    private static int failed(Client client, String more) {
        return json(client.get("/api/stats?" + SPAN + more))
                .path("total")
                .path("failed")
                .asInt(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry", "revoke"})
    void plansForItsQueuesAlone(String kind) {
        var body = "{\"do\":\"" + kind + "\",\"q\":\"state:FAILURE until:2026-02-01\",\"dryRun\":true}";
        var mine = json(ofReports.post("/api/actions", body));
        var all = json(gateway.admin().post("/api/actions", body));

        assertThat(mine.path("count").asInt(-1)).isEqualTo(1);
        assertThat(mine.toString()).doesNotContain("in-mail", "in-invoices");
        assertThat(all.path("count").asInt(-1)).isEqualTo(3);
    }

    /** The id of a visible task must not lead to a dead letter of another queue. */
    @Test
    void replaysNoDeadLetterOfAnotherQueue() throws Exception {
        letter("reports", "in-mail");
        letter("mail", "in-reports");
        letter("mail", "in-mail");
        var body = "{\"do\":\"replay\",\"q\":\"error:Boom until:2026-02-01\",\"dryRun\":true}";

        var ofMailAlone = json(ofMail.post("/api/actions", body));

        assertThat(json(gateway.admin().post("/api/actions", body))
                        .path("count")
                        .asInt())
                .isEqualTo(3);
        assertThat(ofMailAlone.path("count").asInt()).as(ofMailAlone.toString()).isEqualTo(1);
        assertThat(json(ofReports.post("/api/actions", body)).path("count").asInt(-1))
                .isZero();
    }

    private static void letter(String queue, String id) throws Exception {
        var topics = new Topics(gateway.namespace());
        var record = new ProducerRecord<>(
                topics.deadLetters(),
                "key".getBytes(UTF_8),
                ("{\"task\":\"a\",\"id\":\"" + id + "\"}").getBytes(UTF_8));
        new DeadLetter(DeadLetter.Reason.FAILED, "why", topics.tasks(queue), 1, 40, Instant.EPOCH, false)
                .addTo(record.headers());
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    @Test
    void actsOnItsQueuesAloneAndShowsItsOwnActions() {
        var made = ofReports.post("/api/tasks/revoke", "{\"q\":\"state:FAILURE until:2026-02-01\",\"name\":\"mine\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(202);
        var id = json(made).path("id").asString();
        var others = json(gateway.admin()
                        .post("/api/tasks/revoke", "{\"q\":\"state:FAILURE until:2026-02-01\",\"name\":\"others\"}"))
                .path("id")
                .asString();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> action(ofReports, id).path("state").asString().equals("done"));

        assertThat(action(ofReports, id).path("queues").toString()).isEqualTo("[\"reports\"]");
        assertThat(json(ofReports.get("/api/actions/" + id + "/items"))
                        .path("items")
                        .valueStream()
                        .map(item -> item.path("item").asString()))
                .containsExactly("in-reports");
        assertThat(ofReports.get("/api/actions").body()).contains(id).doesNotContain(others);
        assertThat(ofMail.get("/api/actions").body()).doesNotContain(id, others);
        assertThat(gateway.admin().get("/api/actions").body()).contains(id, others);
        for (var hidden : List.of("/api/actions/" + others, "/api/actions/" + others + "/items")) {
            assertThat(ofReports.get(hidden).statusCode()).isEqualTo(404);
        }
        assertThat(ofReports.post("/api/actions/" + others + "/abort", "{}").statusCode())
                .isEqualTo(404);
        assertThat(ofMail.get("/api/actions/" + id).statusCode()).isEqualTo(404);
        assertThat(ofReports.get("/actions/" + others).statusCode()).isEqualTo(404);
        assertThat(ofReports.get("/actions/" + id).body()).contains("in-reports");
    }

    private static JsonNode action(Client client, String id) {
        return json(client.get("/api/actions/" + id));
    }

    @Test
    void showsNoSearchThatItMayNotAsk() {
        var viewer = gateway.program("viewer", "\"role\":\"viewer\"");
        for (var view : List.of("mails:queue:mail", "errors:error:Timeout", "plain:state:FAILURE")) {
            var name = view.substring(0, view.indexOf(':'));
            var saved = gateway.admin()
                    .call(
                            "PUT",
                            "/api/views/" + name + "?shared=true",
                            "{\"q\":\"" + view.substring(view.indexOf(':') + 1) + "\"}");
            assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
        }
        var made = json(gateway.admin().post("/api/tasks/retry", "{\"q\":\"error:Secret\"}"));

        assertThat(ofReports.get("/api/views").body())
                .contains("\"plain\"", "\"errors\"")
                .doesNotContain("\"mails\"");
        assertThat(ofReports.get("/api/views/mails").statusCode()).isEqualTo(404);
        assertThat(ofMail.get("/api/views/mails").statusCode()).isEqualTo(200);
        assertThat(viewer.get("/api/views").body())
                .contains("\"plain\"", "\"mails\"")
                .doesNotContain("\"errors\"");
        assertThat(made.path("q").asString()).isEqualTo("error:Secret");
        assertThat(viewer.get("/api/actions").body()).contains("task:payload").doesNotContain("Secret");
        assertThat(viewer.get("/actions").body()).doesNotContain("Secret");
    }

    @Test
    void seesAndChangesTheWorkflowsOfItsQueuesAlone() {
        var jdbc = JdbcClient.create(gateway.program().getBean(DataSource.class));
        for (var queue : List.of("mail", "reports")) {
            jdbc.sql(
                            "INSERT INTO workflow (id, name, queue, state, run, revision, tasks, ended, failed, revoked, submitted_at,"
                                    + " finished_at, tree) VALUES (:id, 'w', :queue, 'FAILURE', 0, 1, 2, 2, 1, 0, :at, :at, :tree)")
                    .param("id", "flow-" + queue)
                    .param("queue", queue)
                    .param("at", NOON)
                    .param(
                            "tree",
                            "{\"kind\":\"chain\",\"nodes\":[{\"kind\":\"task\",\"task\":\"a\",\"queue\":\"mail\"}]}")
                    .update();
        }

        assertThat(ofReports.get("/api/workflows").body())
                .contains("flow-reports")
                .doesNotContain("flow-mail");
        assertThat(ofReports.get("/workflows").body()).contains("flow-reports").doesNotContain("flow-mail");
        assertThat(ofReports.get("/api/workflows/flow-reports").statusCode()).isEqualTo(200);
        for (var hidden :
                List.of("/api/workflows/flow-mail", "/api/workflows/flow-mail/nodes", "/workflows/flow-mail")) {
            assertThat(ofReports.get(hidden).statusCode()).as(hidden).isEqualTo(404);
        }
        for (var change : List.of("/revoke", "/retry")) {
            assertThat(ofReports.post("/api/workflows/flow-mail" + change, "{}").statusCode())
                    .isEqualTo(404);
            assertThat(ofReports
                            .post("/api/workflows/flow-reports" + change, "{}")
                            .body())
                    .contains("the queue of a task is mail");
            assertThat(ofBoth.post("/api/workflows/flow-reports" + change, "{}").statusCode())
                    .isEqualTo(202);
        }
        var foreign =
                "{\"queue\":\"reports\",\"root\":{\"group\":[{\"task\":\"a\"},{\"task\":\"b\",\"queue\":\"mail\"}]}}";
        var refused = ofReports.post("/api/workflows", foreign);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("root.group[1].queue is mail");
        assertThat(ofReports
                        .post("/api/workflows", "{\"root\":{\"task\":\"a\"}}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(ofBoth.post("/api/workflows", foreign).statusCode()).isEqualTo(202);
    }

    @Test
    void namesNoQueueOfOthers() {
        var mine = gateway.program("of-none", "\"role\":\"operator\",\"queues\":[\"mail\",\"not-there\"]");

        var refused = mine.post("/api/tasks", "{\"task\":\"a\",\"queue\":\"not-there\"}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("only [mail]").doesNotContain("reports");
        var ofNothing = gateway.program("of-nothing", "\"role\":\"operator\",\"queues\":[\"not-there\"]");
        assertThat(ofNothing
                        .post("/api/tasks", "{\"task\":\"a\",\"queue\":\"not-there\"}")
                        .body())
                .contains("and no queue of yours");
    }
}
