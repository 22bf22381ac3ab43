package io.celeriac.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The program with a real broker and database, spoken to over HTTP; the test stands in for the worker. */
class GatewayIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Topics TOPICS = new Topics(TestStack.uniqueName("gateway"));
    private static ConfigurableApplicationContext program;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        var bootstrap = TestStack.kafka().bootstrapServers();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        program = TestGateway.start(
                TOPICS.namespace(),
                "--celeriac.queues=mail",
                "--celeriac.redaction.rules[0].task=secret.*",
                "--celeriac.redaction.rules[0].args=password",
                "--celeriac.redaction.rules[0].result=true");
    }

    @AfterAll
    static void stop() {
        program.close();
        producer.close();
    }

    /** The size of an answer that has secrets and repeats the request would tell them. */
    @Test
    void compressesAssetsAndNothingElse() throws Exception {
        for (var path : List.of("/assets/celeriac.css", "/assets/console.js", "/assets/icons.svg")) {
            assertThat(encoding(path)).as(path).hasValue("gzip");
        }
        for (var path : List.of("/", "/tasks", "/api/openapi")) {
            assertThat(encoding(path)).as(path).isEmpty();
        }
    }

    private static Optional<String> encoding(String path) throws Exception {
        var request = request(path).header("Accept-Encoding", "gzip").build();
        return HTTP.send(request, BodyHandlers.discarding()).headers().firstValue("Content-Encoding");
    }

    @Test
    void submitsATaskAndAnswersAsSoonAsItIsFinal() throws Exception {
        var submitted = post("/api/tasks", "{\"task\":\"demo.add\",\"args\":[2,3],\"queue\":\"mail\"}");
        var id = body(submitted).get("id").asString();

        assertThat(submitted.statusCode()).isEqualTo(202);
        assertThat(submitted.headers().firstValue("Location")).contains("/api/tasks/" + id);
        assertThat(body(submitted).get("queue").asString()).isEqualTo("mail");
        assertThat(body(submitted).get("offset").isNumber()).isTrue();
        assertThat(get("/api/tasks/" + id).statusCode()).isEqualTo(404);

        var waiting = HTTP.sendAsync(request("/api/tasks/" + id + "?wait=PT30S").build(), BodyHandlers.ofString());
        publish(TaskResult.of(Task.of("demo.add", 2, 3).toBuilder().id(id).build(), "mail", TaskState.SUCCESS)
                .result(TaskJson.tree(5))
                .startedAt(Instant.parse("2026-01-31T12:00:00Z"))
                .build());
        var answer = waiting.get(20, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(body(answer).get("result").intValue()).isEqualTo(5);
        assertThat(body(answer).get("startedAt").asString()).isEqualTo("2026-01-31T12:00:00Z");
    }

    @Test
    void holdsNoThreadForThoseWhoWait() throws Exception {
        var waiting = new ArrayList<java.util.concurrent.CompletableFuture<HttpResponse<String>>>();
        for (var number = 0; number < 400; number++) { // twice as many as Tomcat has threads
            waiting.add(HTTP.sendAsync(
                    request("/api/tasks/w-" + number + "?wait=30").build(), BodyHandlers.ofString()));
        }
        assertThat(get("/api/tasks?limit=1").statusCode()).isEqualTo(200);
        for (var number = 0; number < 400; number++) {
            publish(TaskResult.of(Task.named("w").id("w-" + number).build(), "default", TaskState.SUCCESS)
                    .build());
        }
        for (var one : waiting) {
            assertThat(one.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void submitsABatchInOrder() throws Exception {
        var answer = post("/api/tasks/batch", "[{\"task\":\"a\",\"id\":\"b-1\"},{\"task\":\"a\",\"id\":\"b-2\"}]");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(body(answer).values())
                .extracting(receipt -> receipt.get("id").asString())
                .containsExactly("b-1", "b-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/tasks | {\"task\":\"a\",\"queue\":\"nowhere\"} | 422 | queue",
                "/api/tasks | {\"task\":\"a b\"} | 422 | task",
                "/api/tasks | {\"task\": | 400 | ",
                "/api/tasks | [] | 400 | ",
                "/api/tasks/batch | [{\"task\":\"a\"},{\"task\":\"a\",\"queue\":\"nowhere\"}] | 422 | [1].queue",
                "/api/tasks/batch | [{\"task\":\"a\"},{\"task\":7}] | 422 | [1].task",
                "/api/tasks/batch | {} | 400 | ",
                "/api/nowhere | {} | 404 | ",
                "/api/dead-letters | {} | 405 | "
            })
    void answersAProblemToWhatItCannotTake(String path, String body, int status, String field) throws Exception {
        var answer = post(path, body);

        assertProblem(answer, status);
        if (field != null) {
            assertThat(body(answer).get("errors").get(0).get("field").asString())
                    .isEqualTo(field);
            assertThat(body(answer).get("errors").get(0).get("message").asString())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api/tasks/unknown, 404",
        "/api/tasks/a%00, 400",
        "/api/tasks/counts?to=-999999999-01-01T00:00:00Z, 422",
        "/api/tasks/counts?from=%2B999999999-12-31T23:59:59Z, 422",
        "/api/tasks/unknown?wait=0, 404",
        "/api/tasks/unknown?wait=PT61S, 422",
        "/api/tasks/unknown?wait=soon, 422",
        "/api/tasks?limit=0, 422",
        "/api/tasks?limit=many, 400",
        "/api/tasks?state=ODD, 400",
        "/api/tasks?cursor=odd, 422",
        "/api/tasks?from=yesterday, 422",
        "/api/tasks?label=acme, 422",
        "/api/tasks?text=, 422",
        "/api/tasks?atLeast=soon, 422",
        "/api/tasks/unknown?atLeast=mail-0, 422",
        "/api/tasks/counts?to=soon, 422",
        "/api/tasks/failures?limit=501, 422",
        "/api/dead-letters/7/0, 404",
        "/api/dead-letters/0/4711, 404",
        "/api/dead-letters?before=-1, 422",
        "/nowhere, 404"
    })
    void answersAProblemToAQuestionItCannotAnswer(String path, int status) throws Exception {
        assertProblem(get(path), status);
    }

    @Test
    void refusesOtherBodiesThanJsonAndThoseTooLarge() throws Exception {
        var text = request("/api/tasks")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"task\":\"a\"}"))
                .build();
        assertProblem(HTTP.send(text, BodyHandlers.ofString()), 415);

        var large = "{\"task\":\"a\",\"args\":[\"" + "x".repeat(1_100_000) + "\"]}";
        assertProblem(post("/api/tasks", large), 413);
        var chunked = request("/api/tasks")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large.getBytes(UTF_8))))
                .build();
        assertProblem(HTTP.send(chunked, BodyHandlers.ofString()), 413);
        assertProblem(post("/api/tasks/batch", "[" + "{\"task\":\"a\"},".repeat(10_000) + "{}]"), 413);
    }

    /** With the receipt of a submission one never hears that the task does not exist: the test stands in for the materializer. */
    @Test
    void waitsUntilTheDatabaseHasWhatItsAskerSubmitted() throws Exception {
        var receipt = body(post("/api/tasks", "{\"task\":\"a\",\"id\":\"mine\",\"queue\":\"mail\"}"));
        var place = "mail-" + receipt.get("partition") + "-" + receipt.get("offset");
        var asked = HTTP.sendAsync(request("/api/tasks/mine?atLeast=" + place).build(), BodyHandlers.ofString());
        var listed =
                HTTP.sendAsync(request("/api/tasks?queue=mail&atLeast=" + place).build(), BodyHandlers.ofString());
        var one = receipt.get("partition").intValue();
        assertThat(get("/api/tasks/mine").statusCode()).isEqualTo(404);

        insert("mine", "PENDING", one, receipt.get("offset").longValue());
        jdbc().sql(
                        "INSERT INTO materialized_offset (topic, record_partition, next_offset) VALUES (:topic, :partition, :next)")
                .param("topic", TOPICS.tasks("mail"))
                .param("partition", one)
                .param("next", receipt.get("offset").longValue() + 1)
                .update();

        assertThat(asked.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(body(listed.get(20, TimeUnit.SECONDS)).get("items").toString())
                .contains("\"mine\"");
    }

    @Test
    void saysThatTheDatabaseIsBehindOnlyOfWhatTheBrokerHas() throws Exception {
        var receipt = body(post("/api/tasks", "{\"task\":\"a\",\"id\":\"far\"}"));
        var partition = receipt.get("partition").intValue();
        var offset = receipt.get("offset").longValue();
        var asked = Stream.of(
                        "default-" + partition + '-' + offset,
                        "default-" + partition + "-999999",
                        "default-99-0",
                        "none-0-0")
                .map(place -> HTTP.sendAsync(
                        request("/api/tasks/far?atLeast=" + place).build(), BodyHandlers.ofString()))
                .toList();

        assertProblem(asked.get(0).get(30, TimeUnit.SECONDS), 503);
        for (var odd : asked.subList(1, 4)) {
            assertProblem(odd.get(30, TimeUnit.SECONDS), 422);
            assertThat(body(odd.join()).get("errors").toString()).contains("atLeast");
        }
    }

    /** An Idempotency-Key of yesterday, and no receipt: the outcome of yesterday is not that of today's submission. */
    @Test
    void waitsForTheRunThatItTookLast() throws Exception {
        insert("reused", "SUCCESS", 0, 0);
        jdbc().sql("UPDATE task_result SET queue = 'mail', finished_at = '2020-01-01 00:00:00' WHERE id = 'reused'")
                .update();
        assertThat(get("/api/tasks/reused?wait=PT30S").statusCode())
                .as("yesterday's")
                .isEqualTo(200);
        var receipt = submitTwice("reused");
        jdbc().sql("UPDATE task_result SET record_partition = :partition WHERE id = 'reused'")
                .param("partition", receipt.get("partition").intValue())
                .update();

        var waiting = HTTP.sendAsync(request("/api/tasks/reused?wait=PT30S").build(), BodyHandlers.ofString());
        publish(TaskResult.of(Task.named("a").id("reused").build(), "mail", TaskState.SUCCESS)
                .at(receipt.get("partition").intValue(), receipt.get("offset").longValue())
                .result(TaskJson.tree("today"))
                .build());

        assertThat(body(waiting.get(40, TimeUnit.SECONDS)).path("result").asString(""))
                .isEqualTo("today");
    }

    /** The second of which is behind offset 0, whatever its partition. */
    private static JsonNode submitTwice(String id) throws Exception {
        post("/api/tasks", "{\"task\":\"a\",\"queue\":\"mail\",\"id\":\"" + id + "\"}");
        return body(post("/api/tasks", "{\"task\":\"a\",\"queue\":\"mail\",\"id\":\"" + id + "\"}"));
    }

    @Test
    void saysWhyATaskWaits() throws Exception {
        insert("sleeper", "PENDING", 0, 7);
        jdbc().sql("UPDATE task_result SET eta = '2999-01-01 00:00:00' WHERE id = 'sleeper'")
                .update();
        insert("again", "RETRY", 0, 8);
        jdbc().sql("UPDATE task_result SET next_attempt_at = '2999-01-01 00:00:00' WHERE id = 'again'")
                .update();
        insert("queued", "PENDING", 1, 41);
        insert("taken", "PENDING", 1, 3);
        var partition = new TopicPartition(TOPICS.tasks("mail"), 1);
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(TOPICS.workerGroup("mail"), Map.of(partition, new OffsetAndMetadata(40)))
                    .all()
                    .get();
        }

        assertThat(waitsFor("sleeper")).isEqualTo("{\"reason\":\"eta\",\"until\":\"2999-01-01T00:00:00Z\"}");
        assertThat(waitsFor("again")).isEqualTo("{\"reason\":\"retry\",\"until\":\"2999-01-01T00:00:00Z\"}");
        assertThat(waitsFor("queued")).isEqualTo("{\"reason\":\"others\",\"ahead\":1}");
        assertThat(waitsFor("taken")).isEqualTo("{\"reason\":\"worker\"}");
    }

    private static String waitsFor(String id) throws Exception {
        return body(get("/api/tasks/" + id)).get("waitsFor").toString();
    }

    @Test
    void findsTasksAttemptsChildrenCountsAndFailures() throws Exception {
        insert("parent", "FAILURE", 0, 1);
        insert("child", "SUCCESS", 0, 2);
        jdbc().sql(
                        "UPDATE task_result SET parent_id = 'parent', retry_of = 'parent', submitted_at = '2020-05-05 12:00:00' WHERE id = 'child'")
                .update();
        jdbc().sql(
                        "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES ('child', 'tenant', 'a:b', '2020-05-05 12:00:00')")
                .update();
        jdbc().sql(
                        "INSERT INTO task_attempt (task_id, attempt, task, state, revision, worker, finished_at, error_type, error_origin)"
                                + " VALUES ('parent', 1, 'inserted', 'FAILURE', 1, 'w', '2020-05-05 12:00:01', 'a.B', 'a.C.d(C.java:1)')")
                .update();

        assertThat(ids("/api/tasks?label=tenant:a:b")).containsExactly("child");
        assertThat(
                        ids(
                                "/api/tasks?state=SUCCESS&state=FAILURE&from=2020-05-05T12:00:00Z&to=2020-05-05T15:00:00%2B02:00"))
                .containsExactly("child");
        assertThat(ids("/api/tasks?text=PAREN&task=inserted")).containsExactly("parent");
        assertThat(body(get("/api/tasks/parent/children")).get(0).get("id").asString())
                .isEqualTo("child");
        assertThat(body(get("/api/tasks/parent/retries")).get(0).get("id").asString())
                .isEqualTo("child");
        assertThat(ids("/api/tasks?q=retryOf:parent")).containsExactly("child");
        var attempt = body(get("/api/tasks/parent/attempts")).get(0);
        assertThat(attempt.get("worker").asString()).isEqualTo("w");
        assertThat(attempt.get("finishedAt").asString()).isEqualTo("2020-05-05T12:00:01Z");
        var span = "from=2020-05-05T00:00:00Z&to=2020-05-06T00:00:00Z";
        assertThat(body(get("/api/tasks/counts?" + span)).toString())
                .isEqualTo("[{\"task\":\"inserted\",\"state\":\"SUCCESS\",\"count\":1,\"exact\":true}]");
        assertThat(body(get("/api/tasks/failures?" + span)).toString())
                .isEqualTo(
                        "[{\"task\":\"inserted\",\"errorType\":\"a.B\",\"origin\":\"a.C.d(C.java:1)\",\"attempts\":1,"
                                + "\"tasks\":1,\"firstAt\":\"2020-05-05T12:00:01Z\",\"lastAt\":\"2020-05-05T12:00:01Z\","
                                + "\"lastTaskId\":\"parent\"}]");
        assertThat(body(get("/api/tasks/counts")).toString())
                .as("of the last 24 hours")
                .doesNotContain("SUCCESS\",\"count\":2");
    }

    private static List<String> ids(String path) throws Exception {
        return body(get(path)).get("items").values().stream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    private static void insert(String id, String state, int partition, long offset) {
        jdbc().sql(
                        "INSERT INTO task_result (id, task, queue, state, attempt, revision, priority, record_partition, record_offset,"
                                + " submitted_at) VALUES (:id, 'inserted', 'mail', :state, 1, 1, 5, :partition, :offset, '2021-01-01 00:00:00')")
                .param("id", id)
                .param("state", state)
                .param("partition", partition)
                .param("offset", offset)
                .update();
    }

    private static JdbcClient jdbc() {
        return JdbcClient.create(program.getBean(DataSource.class));
    }

    /** The rule is newer than the record, or the worker does not know it. */
    @Test
    void answersNoSecretOfAResultOnTheTopic() throws Exception {
        publish(TaskResult.of(
                        Task.named("secret.login")
                                .id("s-1")
                                .kwarg("password", "hunter2")
                                .build(),
                        "mail",
                        TaskState.SUCCESS)
                .result(TaskJson.tree("hunter2"))
                .build());

        var answer = get("/api/tasks/s-1?wait=PT20S");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("hunter2");
        assertThat(body(answer).get("result").asString()).isEqualTo("[secret]");
        assertThat(body(answer).get("kwargs").get("password").asString()).isEqualTo("[secret]");
    }

    @Test
    void readsDeadLettersNewestFirst() throws Exception {
        for (var number = 0; number < 5; number++) {
            var record = new ProducerRecord<>(TOPICS.deadLetters(), ("k-" + number).getBytes(UTF_8), binary(number));
            record.headers().add("traceparent", "00-1".getBytes(UTF_8));
            new DeadLetter(DeadLetter.Reason.UNREADABLE, "not JSON", "t", 1, 40 + number, Instant.EPOCH, false)
                    .addTo(record.headers());
            producer.send(record).get();
        }

        var first = body(get("/api/dead-letters?limit=3"));
        var second = body(get("/api/dead-letters?limit=3&before=" + first.get("before")));
        var one = body(get("/api/dead-letters/0/2"));

        assertThat(first.get("items").values())
                .extracting(item -> item.get("key").asString())
                .containsExactly("k-4", "k-3", "k-2");
        assertThat(second.get("items").values())
                .extracting(item -> item.get("key").asString())
                .containsExactly("k-1", "k-0");
        assertThat(second.get("before")).isNull();
        assertThat(one.get("reason").asString()).isEqualTo("unreadable");
        assertThat(one.get("origin").get("offset").intValue()).isEqualTo(42);
        assertThat(one.get("valueBase64").asString())
                .isEqualTo(Base64.getEncoder().encodeToString(binary(2)));
        assertThat(one.get("value")).isNull();
        assertThat(one.get("headers").get(0).get("name").asString()).isEqualTo("traceparent");
        assertThat(one.get("headers").size()).isEqualTo(1);
    }

    /** No text, but with a name that no rule is about. */
    private static byte[] binary(int number) {
        return ("{\"task\":\"t\"" + (char) 0xff + number).getBytes(ISO_8859_1);
    }

    @Test
    void describesItself() throws Exception {
        var api = body(get("/api/openapi"));
        var schemas = api.get("components").get("schemas");

        assertThat(api.get("openapi").asString()).startsWith("3.1");
        assertThat(schemas.get("Task").get("properties").get("eta").get("$ref").asString())
                .isEqualTo("#/components/schemas/Task.instant");
        assertThat(schemas.get("Task.instant").get("format").asString()).isEqualTo("date-time");
        assertThat(schemas.get("TaskResult").get("properties").has("nextAttemptAt"))
                .isTrue();
        assertThat(api.toString()).doesNotContain("JsonNode");
        api.findValues("$ref")
                .forEach(
                        reference -> assertThat(schemas.has(reference.asString().replace("#/components/schemas/", "")))
                                .as(reference.asString())
                                .isTrue());
        assertThat(get("/api/docs").statusCode()).isEqualTo(302);
        assertThat(get("/api/swagger-ui/index.html").body()).contains("Swagger UI");
        assertThat(get("/api").headers().firstValue("Location").orElse("")).endsWith("/api/docs");
    }

    @Test
    void showsHealthAndMetrics() throws Exception {
        var health = body(get("/actuator/health"));

        assertThat(health.get("status").asString()).isEqualTo("UP");
        assertThat(health.get("components").get("kafka").get("status").asString())
                .isEqualTo("UP");
        assertThat(get("/actuator/prometheus").body()).contains("http_server_requests");
    }

    private static void publish(TaskResult result) {
        producer.send(new ProducerRecord<>(TOPICS.results(), result.id().getBytes(UTF_8), TaskJson.bytes(result)));
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(body(answer).get("status").intValue()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("Exception", "\\tat ");
    }

    private static JsonNode body(HttpResponse<String> answer) {
        return TaskJson.MAPPER.readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        var port = program.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60));
    }
}
