package io.celeriac.gateway.acting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Retries, replays and views over HTTP; the test stands in for worker and materializer. */
class ActingIT {

    private static final Topics TOPICS = new Topics(TestStack.uniqueName("acting"));
    private static ConfigurableApplicationContext gateway;
    private static Api api;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        gateway = TestGateway.start(TOPICS.namespace(), "--celeriac.queues=mail");
        api = Api.of(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        producer.close();
    }

    @Test
    void retriesATaskWithAnotherArgument() {
        insert("failed", "FAILURE", "[1, 19.90]", "{\"to\": \"adaexample.org\"}");

        var answer = api.post(
                "/api/tasks/failed/retry",
                "{\"kwargs\":{\"to\":\"ada@example.org\"}}",
                "Idempotency-Key",
                "failed-again");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("id")).isEqualTo("failed-again");
        assertThat(answer.location()).isEqualTo("/api/tasks/failed-again");
        var sent = tasks("mail").stream()
                .filter(task -> "failed-again".equals(task.id()))
                .findFirst()
                .orElseThrow();
        assertThat(sent.retryOf()).isEqualTo("failed");
        assertThat(TaskJson.MAPPER.writeValueAsString(sent.args())).isEqualTo("[1,19.90]");
        assertThat(sent.kwargs().get("to").asString()).isEqualTo("ada@example.org");
        assertThat(sent.labels()).containsEntry("tenant", "acme");
    }

    /** Workers would drop the second task, and its sender would wait for the wrong one. */
    @Test
    void refusesAKeyThatWasUsedForAnotherRetry() {
        insert("first", "FAILURE", null, "{\"to\": \"ada\"}");
        insert("second", "FAILURE", null, "{\"to\": \"eve\"}");
        insert("first-again", "PENDING", null, "{\"to\": \"ada\"}");
        JdbcClient.create(gateway.getBean(DataSource.class))
                .sql("UPDATE task_result SET retry_of = 'first' WHERE id = 'first-again'")
                .update();

        for (var refused : List.of(
                api.post("/api/tasks/first/retry", "{}", "Idempotency-Key", "first"),
                api.post("/api/tasks/second/retry", "{}", "Idempotency-Key", "first-again"),
                api.post("/api/tasks/first/retry", "{}", "Idempotency-Key", "second"),
                api.post(
                        "/api/tasks/first/retry", "{\"kwargs\":{\"to\":\"bob\"}}", "Idempotency-Key", "first-again"))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.fields()).containsExactly("Idempotency-Key");
        }
        assertThat(api.post("/api/tasks/first/retry", "{}", "Idempotency-Key", "first-again")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherReplay() throws Exception {
        var path = "/api/dead-letters/0/" + letter(TOPICS.tasks("mail"), "{\"task\":\"a\",\"id\":\"old\"}") + "/replay";
        var other =
                "/api/dead-letters/0/" + letter(TOPICS.tasks("mail"), "{\"task\":\"a\",\"id\":\"old-2\"}") + "/replay";
        var body = "{\"value\":{\"task\":\"corrected\"}}";
        assertThat(api.post(path, body, "Idempotency-Key", "once").status()).isEqualTo(202);

        for (var refused : List.of(
                api.post(path, "{}", "Idempotency-Key", "old"),
                api.post(other, body, "Idempotency-Key", "once"),
                api.post(path, "{}", "Idempotency-Key", "once"),
                api.post(path, "{\"value\":{\"task\":\"different\"}}", "Idempotency-Key", "once"))) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.fields()).containsExactly("Idempotency-Key");
        }
        assertThat(api.post(path, body, "Idempotency-Key", "once").status()).isEqualTo(202);
    }

    @Test
    void doesNotRetryWhatItCannot() {
        insert("running", "STARTED", null, null);
        insert("secretive", "FAILURE", null, "{\"password\": \"[secret]\"}");
        insert("elsewhere", "FAILURE", null, null);

        assertThat(api.post("/api/tasks/nobody/retry", "{}").status()).isEqualTo(404);
        var running = api.post("/api/tasks/running/retry", "{}");
        assertThat(running.status()).isEqualTo(409);
        assertThat(running.text("detail")).contains("STARTED");
        var secret = api.post("/api/tasks/secretive/retry", "{}");
        assertThat(secret.status()).isEqualTo(409);
        assertThat(secret.fields()).containsExactly("kwargs.password");
        var unknown = api.post("/api/tasks/elsewhere/retry", "{\"queue\":\"nowhere\"}");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.fields()).containsExactly("queue");
        assertThat(api.post("/api/tasks/elsewhere/retry", "{\"eta\":1}").fields())
                .containsExactly("eta");
        assertThat(api.post("/api/tasks/elsewhere/retry", "nonsense").status()).isEqualTo(400);
    }

    @Test
    void replaysADeadLetterAndNotesIt() throws Exception {
        var offset = letter(TOPICS.tasks("mail"), "{\"task\":\"a\",\"id\":\"dead\",\"mine\":[1.50]}");

        var answer = api.post("/api/dead-letters/0/" + offset + "/replay", "{}");

        assertThat(answer.status()).isEqualTo(202);
        var sent = records("mail").stream()
                .filter(record ->
                        answer.text("id").equals(TaskJson.task(record.value()).id()))
                .findFirst()
                .orElseThrow();
        assertThat(TaskJson.task(sent.value()).retryOf()).isEqualTo("dead");
        assertThat(new String(sent.value(), UTF_8)).contains("\"mine\":[1.50]");
        assertThat(new String(sent.key(), UTF_8)).isEqualTo("customer");
        assertThat(sent.headers().lastHeader("baggage")).isNotNull();
        assertThat(DeadLetter.from(sent.headers())).isNull();
        var noted = api.get("/api/dead-letters/0/" + offset).body().path("replays");
        assertThat(noted.get(0).path("taskId").asString()).isEqualTo(answer.text("id"));
        assertThat(noted.get(0).path("by").asString()).isEqualTo("anonymous");
        assertThat(api.get("/api/dead-letters?before=" + (offset + 1))
                        .body()
                        .path("items")
                        .get(0)
                        .path("replays")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void replaysACorrectedValueOnce() throws Exception {
        var offset = letter(TOPICS.tasks("mail"), "{\"task\":\"a\",\"priority\":99}");
        var path = "/api/dead-letters/0/" + offset + "/replay";

        var unreadable = api.post(path, "{}");
        assertThat(unreadable.status()).isEqualTo(409);
        assertThat(unreadable.fields()).containsExactly("value.priority");
        var wrong = api.post(path, "{\"value\":{\"task\":\"a b\"}}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.fields()).containsExactly("value.task");
        assertThat(api.post(path, "{\"queue\":\"nowhere\",\"value\":{\"task\":\"a\"}}")
                        .fields())
                .containsExactly("queue");

        for (var time = 0; time < 2; time++) {
            assertThat(api.post(path, "{\"value\":{\"task\":\"corrected\"}}", "Idempotency-Key", "corrected-1")
                            .status())
                    .isEqualTo(202);
        }
        var noted = api.get("/api/dead-letters/0/" + offset).body().path("replays");
        assertThat(noted.size()).isEqualTo(1);
        assertThat(noted.get(0).path("edited").booleanValue()).isTrue();
    }

    @Test
    void doesNotReplayWhatDidNotComeFromAQueue() throws Exception {
        var offset = letter(TOPICS.results(), "{\"task\":\"a\"}");
        var gone = letter(TOPICS.tasks("gone"), "{\"task\":\"a\"}");

        assertThat(api.post("/api/dead-letters/0/" + offset + "/replay", "{}").text("detail"))
                .contains("which is no queue");
        assertThat(api.post("/api/dead-letters/0/" + gone + "/replay", "{}").status())
                .isEqualTo(422);
        assertThat(api.post("/api/dead-letters/0/" + gone + "/replay", "{\"queue\":\"mail\"}")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/api/dead-letters/0/999999/replay", "{}").status()).isEqualTo(404);
        assertThat(api.post("/api/dead-letters/7/0/replay", "{}").status()).isEqualTo(404);
    }

    @Test
    void keepsAView() {
        var path = "/api/views/mails";
        assertThat(api.get(path).status()).isEqualTo(404);

        var made = api.put(path, "{\"title\":\"Mails\",\"q\":\"state:FAILURE since:1h\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("kind")).isEqualTo("personal");
        assertThat(made.text("changedBy")).isEqualTo("anonymous");
        assertThat(api.put(path, "{\"q\":\"state:FAILURE\"}", "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        var replaced = api.put(path, "{\"q\":\"state:FAILURE\"}", "If-Match", made.tag());
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.tag())
                .isNotEqualTo(made.tag())
                .isEqualTo(api.get(path).tag());
        assertThat(api.put(path, "{\"q\":\"state:RETRY\"}", "If-Match", made.tag())
                        .status())
                .isEqualTo(412);

        assertThat(api.put(path + "?shared=true", "{\"q\":\"state:RETRY\"}").status())
                .isEqualTo(201);
        assertThat(api.get(path).text("q")).as("the own goes first").isEqualTo("state:FAILURE");
        assertThat(api.get(path + "?shared=true").text("q")).isEqualTo("state:RETRY");
        assertThat(api.get("/api/views")
                        .body()
                        .path("items")
                        .valueStream()
                        .map(view -> view.path("name").asString()))
                .contains("failing-now", "stuck", "late", "poison", "mails");

        assertThat(api.delete(path, "If-Match", made.tag()).status()).isEqualTo(412);
        assertThat(api.delete(path, "If-Match", replaced.tag()).status()).isEqualTo(204);
        assertThat(api.get(path).text("kind")).isEqualTo("shared");
        assertThat(api.delete(path).status()).isEqualTo(404);
        assertThat(api.delete(path + "?shared=true").status()).isEqualTo(204);
    }

    /** Who has seen the first view has not seen the second. */
    @Test
    void doesNotTakeAViewThatWasMadeAnewForTheOneBefore() {
        var path = "/api/views/phoenix";
        var first = api.put(path, "{\"q\":\"state:FAILURE\"}");
        assertThat(api.delete(path).status()).isEqualTo(204);
        assertThat(api.put(path, "{\"q\":\"state:RETRY\"}").status()).isEqualTo(201);

        assertThat(api.put(path, "{\"q\":\"state:REVOKED\"}", "If-Match", first.tag())
                        .status())
                .isEqualTo(412);
        assertThat(api.delete(path, "If-Match", first.tag()).status()).isEqualTo(412);
        assertThat(api.get(path).text("q")).isEqualTo("state:RETRY");
    }

    @Test
    void leavesTheViewsThatAreBuiltInAlone() {
        assertThat(api.get("/api/views/stuck").text("kind")).isEqualTo("built-in");
        assertThat(api.put("/api/views/stuck", "{\"q\":\"state:FAILURE\"}").status())
                .isEqualTo(409);
        assertThat(api.delete("/api/views/stuck").status()).isEqualTo(409);
        assertThat(api.put("/api/views/A%20b", "{\"q\":\"state:FAILURE\"}").fields())
                .containsExactly("name");
        assertThat(api.put("/api/views/b", "{}").fields()).containsExactly("q");
    }

    private static void insert(String id, String state, String args, String kwargs) {
        JdbcClient.create(gateway.getBean(DataSource.class))
                .sql(
                        "INSERT INTO task_result (id, task, queue, state, attempt, revision, priority, args, kwargs, labels, submitted_at)"
                                + " VALUES (:id, 'mail.send', 'mail', :state, 1, 1, 5, :args, :kwargs, '{\"tenant\":\"acme\"}',"
                                + " '2021-01-01 00:00:00')")
                .param("id", id)
                .param("state", state)
                .param("args", args)
                .param("kwargs", kwargs)
                .update();
    }

    private static long letter(String topic, String value) throws Exception {
        var record = new ProducerRecord<>(TOPICS.deadLetters(), "customer".getBytes(UTF_8), value.getBytes(UTF_8));
        record.headers().add("baggage", "b".getBytes(UTF_8));
        new DeadLetter(DeadLetter.Reason.FAILED, "why", topic, 1, 40, Instant.EPOCH, false).addTo(record.headers());
        return producer.send(record).get().offset();
    }

    private static List<Task> tasks(String queue) {
        return records(queue).stream()
                .map(record -> TaskJson.task(record.value()))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String queue) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(TOPICS.tasks(queue)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }
}
