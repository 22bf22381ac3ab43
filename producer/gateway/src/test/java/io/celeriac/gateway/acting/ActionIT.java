package io.celeriac.gateway.acting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Actions on many tasks over HTTP, by two gateways with one database; the test stands in for worker and materializer. */
class ActionIT {

    private static final Topics TOPICS = new Topics(TestStack.uniqueName("action"));
    private static ConfigurableApplicationContext gateway;
    private static ConfigurableApplicationContext other;
    private static Api api;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        var database = TestStack.createDatabase();
        gateway = TestGateway.start(
                database,
                TOPICS.namespace(),
                "--celeriac.queues=mail",
                "--celeriac.actions.page-size=40",
                "--celeriac.actions.count-up-to=300");
        other = TestGateway.start(
                database, TOPICS.namespace(), "--celeriac.queues=mail", "--celeriac.actions.page-size=40");
        api = Api.of(gateway);
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
        producer.close();
    }

    @Test
    void retriesEveryTaskOnceWhileAGatewayEnds() {
        insert("bulk", 1_000, "FAILURE");
        insert("fine", 3, "SUCCESS");
        insert("bulk-old", 1, "FAILURE");
        jdbc().update("UPDATE task_result SET submitted_at = '2020-01-01 00:00:00' WHERE id = 'bulk-old-0'");
        jdbc().update("UPDATE task_result SET kwargs = '{\"password\":\"[secret]\"}' WHERE id IN ('bulk-3', 'bulk-4')");
        jdbc().update("UPDATE task_result SET queue = 'gone' WHERE id = 'bulk-5'");
        var body = "{\"do\":\"retry\",\"q\":\"label.batch:bulk since:365d\",\"name\":\"all\"";

        var plan = api.post("/api/actions", body + ",\"dryRun\":true}");
        assertThat(plan.status()).isEqualTo(200);
        assertThat(plan.body().path("count").intValue()).isEqualTo(300);
        assertThat(plan.body().path("exact").booleanValue()).isFalse();
        assertThat(plan.body().path("sample").size()).isEqualTo(10);
        assertThat(plan.text("frozenQ")).contains("state:FAILURE").doesNotContain("365d");

        var made = api.post("/api/actions", body + ",\"rate\":400}", "Idempotency-Key", "bulk");
        assertThat(made.status()).isEqualTo(202);
        assertThat(made.location()).isEqualTo("/api/actions/" + made.text("id"));
        assertThat(made.text("createdBy")).isEqualTo("anonymous");
        assertThat(api.post("/api/actions", body + ",\"rate\":400}", "Idempotency-Key", "bulk")
                        .text("id"))
                .isEqualTo(made.text("id"));
        var different = api.post("/api/actions", body + "}", "Idempotency-Key", "bulk");
        assertThat(different.status()).isEqualTo(422);
        assertThat(different.fields()).containsExactly("Idempotency-Key");
        await().until(() -> one(made.location()).path("done").intValue() > 0);
        other.close();
        var done = awaitEnd(made.location());

        assertThat(done.path("state").asString()).isEqualTo("done");
        assertThat(done.path("ended").intValue()).isEqualTo(1_000);
        assertThat(done.path("refused").intValue()).isEqualTo(3);
        assertThat(done.path("done").intValue()).isEqualTo(997);
        var sent = records("mail").stream()
                .map(record -> TaskJson.task(record.value()))
                .filter(task -> String.valueOf(task.retryOf()).startsWith("bulk-"))
                .toList();
        var ids = sent.stream().map(task -> String.valueOf(task.id())).toList();
        assertThat(ids)
                .containsOnlyOnceElementsOf(IntStream.range(0, 1_000)
                        .filter(number -> number < 3 || number > 5)
                        .mapToObj(number -> TaskIds.ofRerun("bulk-" + number, "mail", null, null))
                        .toList());
        var refused = api.get(made.location() + "/items?outcome=refused").body().path("items");
        assertThat(refused.toString()).contains("kwargs.password", "there is no gone");
        var page = api.get(made.location() + "/items?limit=500").body();
        assertThat(page.path("items").size()).isEqualTo(500);
        assertThat(api.get(made.location() + "/items?limit=500&after="
                                + page.path("after").asString())
                        .body()
                        .path("items")
                        .size())
                .isEqualTo(500);
        assertThat(api.get("/api/actions?limit=200").body().path("items").toString())
                .contains(made.text("id"));
    }

    @Test
    void refusesWhatWasRetriedBefore() {
        insert("again", 2, "FAILURE");
        jdbc().update("UPDATE task_result SET retry_of = 'again-0', state = 'SUCCESS' WHERE id = 'again-1'");

        var done = awaitEnd(
                api.post("/api/tasks/retry", "{\"q\":\"label.batch:again\"}").location());

        assertThat(done.path("do").asString()).isEqualTo("retry");
        assertThat(done.path("refused").intValue()).isEqualTo(1);
        assertThat(api.get("/api/actions/" + done.path("id").asString() + "/items")
                        .body()
                        .toString())
                .contains("was retried before as again-1");
    }

    /** Each has a page when the other begins, and no row tells yet what was sent. */
    @Test
    void retriesATaskOnceIfTwoActionsFindIt() {
        insert("twice", 90, "FAILURE");
        var body = "{\"do\":\"retry\",\"q\":\"label.batch:twice\"}";

        var made = List.of(api.post("/api/actions", body), api.post("/api/actions", body));
        var ended = made.stream().map(action -> awaitEnd(action.location())).toList();

        assertThat(ended.stream()
                        .mapToInt(action -> action.path("done").intValue())
                        .sum())
                .isEqualTo(90);
        assertThat(ended.stream()
                        .mapToInt(action -> action.path("refused").intValue())
                        .sum())
                .isEqualTo(90);
        assertThat(retried("twice-")).hasSize(90).doesNotHaveDuplicates();
        assertThat(made.stream()
                        .map(action -> api.get(action.location() + "/items?outcome=refused")
                                .body()
                                .toString())
                        .toList()
                        .toString())
                .contains("is run again as ", " by action ");
    }

    /** A worker that dies between its records repeats an attempt, and each attempt makes a dead letter. */
    @Test
    void replaysOneOfTwoDeadLettersOfATask() throws Exception {
        insert("letters", 1, "FAILURE");
        letter(TOPICS.tasks("mail"), "{\"task\":\"mail.send\",\"id\":\"letters-0\"}");
        letter(TOPICS.tasks("mail"), "{\"task\":\"mail.send\",\"id\":\"letters-0\"}");

        var done = awaitEnd(api.post("/api/actions", "{\"do\":\"replay\",\"q\":\"label.batch:letters\"}")
                .location());

        assertThat(done.path("done").intValue()).isEqualTo(1);
        assertThat(done.path("refused").intValue()).isEqualTo(1);
        assertThat(retried("letters-")).hasSize(1);
        assertThat(api.get("/api/actions/" + done.path("id").asString() + "/items")
                        .body()
                        .toString())
                .containsPattern("by the dead letter 0/\\d+ of the same task");
    }

    /** An action that ended early has noted the replay of a dead letter; another dead letter of the same run is there, too. */
    @Test
    void replaysADeadLetterAfterAnotherOfTheSameRunWasNoted() throws Exception {
        insert("noted", 1, "FAILURE");
        letter(TOPICS.tasks("mail"), "{\"task\":\"mail.send\",\"id\":\"noted-0\"}");
        jdbc().update(
                        "INSERT INTO dead_letter_replay (letter_partition, letter_offset, letter_time, task_id, queue,"
                                + " edited, replayed_by, replayed_at) VALUES (0, 999999, 1, ?, 'mail', FALSE, 'ada',"
                                + " '2026-01-31 12:00:00')",
                        TaskIds.ofRerun("noted-0", "mail", 1, 40L));

        var done = awaitEnd(api.post("/api/actions", "{\"do\":\"replay\",\"q\":\"label.batch:noted\"}")
                .location());

        assertThat(done.path("done").intValue()).isEqualTo(1);
        assertThat(retried("noted-")).hasSize(1);
    }

    /** A retry and a replay of one run make the same task. */
    @Test
    void doesNotReplayWhatAnActionHasRetried() throws Exception {
        insert("both", 1, "FAILURE");
        jdbc().update("UPDATE task_result SET record_partition = 1, record_offset = 40 WHERE id = 'both-0'");
        letter(TOPICS.tasks("mail"), "{\"task\":\"mail.send\",\"id\":\"both-0\"}");

        awaitEnd(api.post("/api/actions", "{\"do\":\"retry\",\"q\":\"label.batch:both\"}")
                .location());
        var replay = awaitEnd(api.post("/api/actions", "{\"do\":\"replay\",\"q\":\"label.batch:both\"}")
                .location());

        assertThat(replay.path("refused").intValue()).isEqualTo(1);
        assertThat(retried("both-")).hasSize(1);
    }

    /** Nothing was sent, so the next action may try. */
    @Test
    void retriesWhatAnotherActionHasRefused() {
        insert("later", 1, "FAILURE");
        jdbc().update("UPDATE task_result SET kwargs = '{\"password\":\"[secret]\"}' WHERE id = 'later-0'");
        var body = "{\"do\":\"retry\",\"q\":\"label.batch:later\"}";
        assertThat(awaitEnd(api.post("/api/actions", body).location())
                        .path("refused")
                        .intValue())
                .isEqualTo(1);
        jdbc().update("UPDATE task_result SET kwargs = NULL WHERE id = 'later-0'");

        assertThat(awaitEnd(api.post("/api/actions", body).location())
                        .path("done")
                        .intValue())
                .isEqualTo(1);
    }

    private static List<String> retried(String prefix) {
        return records("mail").stream()
                .map(record -> String.valueOf(TaskJson.task(record.value()).retryOf()))
                .filter(old -> old.startsWith(prefix))
                .toList();
    }

    @Test
    void revokesWhatHasNotEnded() {
        insert("waits", 3, "PENDING");
        insert("waits-not", 1, "SUCCESS");

        var done = awaitEnd(api.post(
                        "/api/tasks/revoke",
                        "{\"q\":\"label.batch:waits OR label.batch:waits-not\",\"terminate\":true}")
                .location());

        assertThat(done.path("done").intValue()).isEqualTo(3);
        assertThat(done.path("expected").intValue()).isEqualTo(3);
        assertThat(recordsOf(TOPICS.control()).stream()
                        .map(record -> new String(record.value(), UTF_8))
                        .filter(command -> command.contains("waits-")))
                .hasSize(3)
                .allSatisfy(command -> assertThat(command).contains("\"terminate\":true"));
    }

    @Test
    void replaysTheDeadLettersOfWhatItFinds() throws Exception {
        insert("dead", 3, "FAILURE");
        for (var id : List.of("dead-0", "dead-1", "unknown-7")) {
            letter(TOPICS.tasks("mail"), "{\"task\":\"mail.send\",\"id\":\"" + id + "\",\"mine\":7}");
        }
        letter(TOPICS.results(), "{}");
        var body = "{\"do\":\"replay\",\"q\":\"label.batch:dead\"";
        assertThat(api.post("/api/actions", body + ",\"dryRun\":true}")
                        .body()
                        .path("count")
                        .intValue())
                .isEqualTo(2);

        var done = awaitEnd(api.post("/api/actions", body + "}").location());
        var again = awaitEnd(api.post("/api/actions", body + "}").location());

        assertThat(done.path("done").intValue()).isEqualTo(2);
        assertThat(again.path("refused").intValue()).as("replayed before").isEqualTo(2);
        assertThat(records("mail").stream()
                        .map(record -> TaskJson.task(record.value()))
                        .filter(task -> String.valueOf(task.retryOf()).startsWith("dead-"))
                        .map(task -> task.extra().containsKey("mine")))
                .containsExactly(true, true);
    }

    @Test
    void isDoneAtOnceIfItFindsNothing() {
        var answer = api.post("/api/actions", "{\"do\":\"retry\",\"q\":\"task:nobody\"}");

        assertThat(answer.text("state")).isEqualTo("done");
        assertThat(answer.body().path("expected").intValue()).isZero();
        assertThat(answer.body().path("expectedExact").booleanValue()).isTrue();
    }

    @Test
    void stopsWhenItIsAborted() {
        insert("slow", 50, "FAILURE");
        var made = api.post("/api/actions", "{\"do\":\"retry\",\"q\":\"label.batch:slow\",\"rate\":0.5}");
        await().until(() -> one(made.location()).path("done").intValue() > 0);

        var aborted = api.post(made.location() + "/abort", "{}");

        assertThat(aborted.status()).isEqualTo(200);
        assertThat(aborted.text("state")).isEqualTo("aborted");
        assertThat(aborted.text("abortedBy")).isEqualTo("anonymous");
        assertThat(api.post(made.location() + "/abort", "{}").status()).isEqualTo(409);
        assertThat(one(made.location()).path("done").intValue()).isLessThan(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/actions | {\"do\":\"retry\",\"q\":\"stat:FAILURE\"} | 400 | q",
                "/api/actions | {\"do\":\"retry\",\"q\":\"\"} | 422 | q",
                "/api/actions | {\"do\":\"drop\",\"q\":\"queue:a\"} | 422 | do",
                "/api/actions | {\"do\":\"retry\",\"q\":\"queue:a\",\"rate\":0} | 422 | rate",
                "/api/actions | [] | 400 | ",
                "/api/actions/nobody/abort | {} | 404 | ",
                "/api/tasks/revoke | {\"do\":\"revoke\",\"q\":\"queue:a\"} | 422 | do",
                "/api/tasks/retry | {\"q\":\"queue:a\",\"terminate\":true} | 422 | terminate",
            })
    void answersAProblemToWhatItCannotDo(String path, String body, int status, String field) {
        var answer = api.post(path, body);

        assertThat(answer.status()).isEqualTo(status);
        if (field != null) {
            assertThat(answer.fields()).containsExactly(field);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/actions?limit=0 | 422",
                "/api/actions?cursor=x | 422",
                "/api/actions/nobody | 404",
                "/api/actions/nobody/items | 404",
            })
    void answersAProblemToWhatItCannotShow(String path, int status) {
        assertThat(api.get(path).status()).isEqualTo(status);
    }

    private static JsonNode one(String location) {
        return api.get(location).body();
    }

    private static JsonNode awaitEnd(String location) {
        return await(location)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> one(location),
                        action -> !action.path("state").asString().equals("running"));
    }

    /** Tasks with the label {@code batch}. */
    private static void insert(String batch, int count, String state) {
        var rows = IntStream.range(0, count)
                .mapToObj(number -> new Object[] {batch + "-" + number, state, "{\"batch\":\"" + batch + "\"}"})
                .toList();
        jdbc().batchUpdate(
                        "INSERT INTO task_result (id, task, queue, state, attempt, revision, priority, labels, submitted_at)"
                                + " VALUES (?, 'mail.send', 'mail', ?, 1, 1, 5, ?, '2026-08-01 00:00:00')",
                        rows);
        jdbc().batchUpdate(
                        "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (?, 'batch', ?, '2026-08-01 00:00:00')",
                        rows.stream().map(row -> new Object[] {row[0], batch}).toList());
    }

    private static JdbcTemplate jdbc() {
        return new JdbcTemplate(gateway.getBean(DataSource.class));
    }

    private static void letter(String topic, String value) throws Exception {
        var record = new ProducerRecord<>(TOPICS.deadLetters(), "customer".getBytes(UTF_8), value.getBytes(UTF_8));
        new DeadLetter(DeadLetter.Reason.FAILED, "why", topic, 1, 40, Instant.EPOCH, false).addTo(record.headers());
        producer.send(record).get();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String queue) {
        return recordsOf(TOPICS.tasks(queue));
    }

    private static List<ConsumerRecord<byte[], byte[]>> recordsOf(String topic) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
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
