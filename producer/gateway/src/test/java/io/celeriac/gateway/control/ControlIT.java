package io.celeriac.gateway.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.Acknowledgement;
import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.Heartbeat.WaitingFor;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
import tools.jackson.databind.JsonNode;

/**
 * Queues, workers and limits over HTTP, with a real broker; the test stands in for the workers, so that they can be silent, slow or gone.
 * What real workers do is tested in the engine and in the whole system.
 */
class ControlIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Topics TOPICS = new Topics(TestStack.uniqueName("control"));
    private static final Instant STARTED = Instant.parse("2026-01-31T12:00:00Z");
    private static final int PARTITIONS = 8;

    private static ConfigurableApplicationContext program;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        program = TestGateway.start(
                TOPICS.namespace(),
                "--celeriac.queues=untouched,counted,orphaned,paused,purged,limited,drained,warned,busy,sized,peeked");
    }

    @AfterAll
    static void stop() {
        program.close();
        producer.close();
    }

    private static Heartbeat worker(String id, String queue, State state, List<PartitionPart> parts, String... done) {
        return new Heartbeat(
                id,
                "host",
                "1.0",
                STARTED,
                Instant.now(),
                state,
                new LimitInForce<>(8, 4),
                2,
                0,
                List.of(new QueuePart(queue, "RUNNING", null, parts)),
                List.of(new RunningAttempt("t-1", queue + ".send", queue, 0, 1, STARTED)),
                List.of(new HandlerInfo(
                        queue + ".send",
                        List.of(),
                        List.of(new ParameterInfo("to", "String", true), new ParameterInfo("subject", "String", false)),
                        new LimitInForce<>(3, 3),
                        new LimitInForce<>(null, null),
                        List.of("subject"))),
                List.of(done).stream()
                        .map(command -> new Acknowledgement(command, Instant.now(), null))
                        .toList());
    }

    private static List<PartitionPart> parts(int count, Map<WaitingFor, Long> waiting, Instant oldest) {
        return IntStream.range(0, count)
                .mapToObj(number -> new PartitionPart(number, 1, waiting, 2L, oldest, 5))
                .toList();
    }

    private static void send(Heartbeat heartbeat) throws Exception {
        producer.send(new ProducerRecord<>(TOPICS.workers(), heartbeat.id().getBytes(UTF_8), TaskJson.bytes(heartbeat)))
                .get();
    }

    private static void task(String queue, int partition, Instant at) throws Exception {
        producer.send(new ProducerRecord<>(
                        TOPICS.tasks(queue),
                        partition,
                        at.toEpochMilli(),
                        null,
                        ("{\"task\":\"" + queue + ".send\"}").getBytes(UTF_8)))
                .get();
    }

    @Test
    void knowsTheDepthOfAQueueThatNoWorkerHasEverTaken() throws Exception {
        var oldest = Instant.now().minusSeconds(90).truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
        task("untouched", 3, oldest);
        task("untouched", 3, Instant.now());
        task("untouched", 5, Instant.now());
        var queue = await().atMost(ofSeconds(10))
                .until(
                        () -> json("/api/queues/untouched"),
                        found -> found.path("unread").asInt() == 3 && found.has("oldestReadyAt"));
        assertThat(queue.get("depth").asInt()).isEqualTo(3);
        assertThat(queue.get("running").asInt()).isZero();
        assertThat(queue.get("oldestReadyAt").asString()).isEqualTo(oldest.toString());
        assertThat(queue.get("oldestReadyAge").asDouble()).isBetween(90.0, 120.0);
        assertThat(queue.get("warnings").get(0).asString()).isEqualTo("no live worker takes the queue");
        assertThat(queue.has("unknown")).isFalse();
    }

    /** The worker has told that the subject of its tasks is secret, and is gone: its word still holds. */
    @Test
    void showsWhatLiesInTheLogWithoutTakingIt() throws Exception {
        send(worker("peeking", "peeked", State.RUNNING, List.of()));
        for (var value : List.of(
                "{\"id\":\"first\",\"task\":\"peeked.send\",\"kwargs\":{\"to\":\"ada\",\"subject\":\"hush\"}}",
                "{\"id\":\"second\",\"task\":\"nobodys\",\"args\":[1]}",
                "{\"no\":")) {
            producer.send(new ProducerRecord<>(TOPICS.tasks("peeked"), 2, null, value.getBytes(UTF_8)))
                    .get();
        }
        await().atMost(ofSeconds(10))
                .until(
                        () -> json("/api/queues/peeked/peek?partition=2"),
                        found -> found.get("items").size() == 3
                                && found.at("/items/0").has("kwargs"));

        var peek = json("/api/queues/peeked/peek?partition=2");
        assertThat(peek.get("unread").asInt()).isZero();
        assertThat(peek.get("end").asInt()).isEqualTo(3);
        assertThat(peek.has("next")).isFalse();
        assertThat(peek.at("/items/0/kwargs")).hasToString("{\"to\":\"ada\",\"subject\":\"[secret]\"}");
        assertThat(peek.at("/items/1/task").asString()).isEqualTo("nobodys");
        assertThat(peek.at("/items/1").has("args")).isFalse();
        assertThat(peek.at("/items/1/withheld").asString()).contains("no worker has told");
        assertThat(peek.at("/items/2").has("task")).isFalse();
        assertThat(peek.at("/items/2/withheld").asString()).contains("secret");
        var one = json("/api/queues/peeked/peek?partition=2&from=1&limit=1");
        assertThat(one.at("/items/0/id").asString()).isEqualTo("second");
        assertThat(one.get("next").asInt()).isEqualTo(2);
        await().atMost(ofSeconds(10))
                .until(() -> json("/api/queues/peeked").get("unread").asInt() == 3);
        assertThat(get("/api/queues/peeked/peek?partition=99").statusCode()).isEqualTo(404);
        assertThat(get("/api/queues/nobodys/peek").statusCode()).isEqualTo(404);
        assertThat(get("/api/queues/peeked/peek?limit=51").statusCode()).isEqualTo(422);
    }

    @Test
    void addsUpWhatTheOwnersHaveReadAndWhatNobodyHas() throws Exception {
        var oldest = Instant.now().minusSeconds(300);
        send(worker(
                "counting",
                "counted",
                State.RUNNING,
                parts(PARTITIONS, Map.of(WaitingFor.ETA, 5L, WaitingFor.LIMIT, 1L), oldest)));
        task("counted", 0, Instant.now());
        var queue = await().atMost(ofSeconds(10))
                .until(
                        () -> json("/api/queues/counted"),
                        found -> found.path("unread").asInt() == 1
                                && found.path("running").asInt() == PARTITIONS);
        assertThat(queue.get("depth").asInt()).isEqualTo(6 * PARTITIONS + 1);
        assertThat(queue.get("waiting").get("eta").asInt()).isEqualTo(5 * PARTITIONS);
        assertThat(queue.get("waiting").get("limit").asInt()).isEqualTo(PARTITIONS);
        assertThat(queue.get("oldestReadyAge").asDouble()).isGreaterThanOrEqualTo(300);
        assertThat(queue.get("partitions").get(7).get("owner").asString()).isEqualTo("counting");
        var listed = json("/api/queues").values().stream()
                .filter(one -> one.get("queue").asString().equals("counted"))
                .findFirst()
                .orElseThrow();
        assertThat(listed.get("depth")).isEqualTo(queue.get("depth"));
        assertThat(listed.has("partitions")).isFalse();
    }

    /** A worker took tasks, and is gone: what it had not finished waits in its store, and nobody knows how much. */
    @Test
    void saysThatItDoesNotKnowInsteadOfZero() throws Exception {
        task("orphaned", 2, Instant.now());
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            admin.alterConsumerGroupOffsets(
                            TOPICS.workerGroup("orphaned"),
                            Map.of(new TopicPartition(TOPICS.tasks("orphaned"), 2), new OffsetAndMetadata(1)))
                    .all()
                    .get();
        }
        var queue =
                await().atMost(ofSeconds(10)).until(() -> json("/api/queues/orphaned"), found -> found.has("unknown"));
        assertThat(queue.get("depth").isNull()).isTrue();
        assertThat(queue.get("waiting").isNull()).isTrue();
        assertThat(queue.get("unread").asInt()).isZero();
        assertThat(queue.get("unknown").get(0).asString()).contains("no live worker owns partition 2");

        send(worker("busy", "orphaned", State.RUNNING, List.of(PartitionPart.unknown(2))));
        await().atMost(ofSeconds(10))
                .until(() -> json("/api/queues/orphaned")
                        .get("unknown")
                        .get(0)
                        .asString()
                        .contains("too busy to count"));
        assertThat(json("/api/queues/orphaned").get("depth").isNull()).isTrue();
    }

    @Test
    void pausesWithANoteThatItTellsWhoeverSubmits() throws Exception {
        send(worker("pausing", "paused", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> json("/api/queues/paused").get("workers").size() == 1);
        var answer = post("/api/queues/paused/pause", "{\"note\":\"the mail server is down\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(body(answer).get("missing").get(0).asString()).isEqualTo("pausing");

        var queue = json("/api/queues/paused");
        assertThat(queue.get("pause").get("note").asString()).isEqualTo("the mail server is down");
        assertThat(queue.get("pause").get("by").asString()).isEqualTo("anonymous");
        assertThat(json("/api/queues/paused/scale").get("why").asString()).contains("paused");
        var submitted =
                body(post("/api/tasks", "{\"task\":\"paused.send\",\"kwargs\":{\"to\":\"a\"},\"queue\":\"paused\"}"));
        assertThat(submitted.get("warnings").get(0).asString()).contains("paused", "the mail server is down");
        var batch = body(post(
                "/api/tasks/batch", "[{\"task\":\"paused.send\",\"kwargs\":{\"to\":\"a\"},\"queue\":\"paused\"}]"));
        assertThat(batch.get(0).get("warnings").size()).isEqualTo(1);

        var resumed = post("/api/queues/paused/resume", "");
        assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
        assertThat(json("/api/queues/paused").has("pause")).isFalse();
        assertThat(lastSetting("queue/paused").isSet()).isFalse();
    }

    /** The gateway waits for a second. On a busy machine the test may be later, and tries again. */
    @Test
    void answersAsSoonAsAllWorkersHaveAcknowledged() throws Exception {
        send(worker("quick", "busy", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> json("/api/queues/busy").get("workers").size() == 1);
        var answered = await().atMost(ofSeconds(100))
                .until(ControlIT::pauseAndAcknowledge, answer -> answer.statusCode() == 200);
        assertThat(body(answered).get("acknowledged").get(0).get("worker").asString())
                .isEqualTo("quick");
    }

    private static HttpResponse<String> pauseAndAcknowledge() throws Exception {
        var before = settings("queue/busy").size();
        var answer = HTTP.sendAsync(
                request("/api/queues/busy/pause").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        var all = await().atMost(ofSeconds(30)).until(() -> settings("queue/busy"), found -> found.size() > before);
        var setting = all.get(all.size() - 1);
        send(worker("quick", "busy", State.RUNNING, parts(PARTITIONS, Map.of(), null), setting.id()));
        return answer.get();
    }

    @Test
    void purgesUpToTheEndOfNow() throws Exception {
        for (int i = 0; i < 3; i++) {
            task("purged", 1, Instant.now());
        }
        var answer = post("/api/queues/purged/purge", "");
        assertThat(answer.statusCode()).as("no worker is up: %s", answer.body()).isEqualTo(202);
        var command = TaskJson.purge(record(TOPICS.control(), "purge/purged"));
        assertThat(command.fences()).containsEntry(1, 3L).containsEntry(0, 0L).hasSize(PARTITIONS);
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            var topic = TOPICS.tasks("purged");
            assertThat(command.topicId())
                    .isEqualTo(admin.describeTopics(Set.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .topicId()
                            .toString());
        }
    }

    @Test
    void setsLimitsAndTakesThemBackUnlessSomebodyElseHasChangedThem() throws Exception {
        send(worker("limiting", "limited", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> get("/api/handlers/limited.send/limits").statusCode() == 200);
        var path = "/api/handlers/limited.send/limits";
        var before = get(path).headers().firstValue("ETag").orElseThrow();
        assertThat(put(path, "{\"concurrency\":2,\"rateLimit\":\"100/m\"}", before)
                        .statusCode())
                .isEqualTo(202);

        var late = put(path, "{\"concurrency\":5}", before);
        assertThat(late.statusCode()).isEqualTo(412);
        assertThat(body(late).get("detail").asString()).contains("anonymous has changed it");
        var limits = get(path);
        assertThat(body(limits).get("concurrency").asInt()).isEqualTo(2);
        var handler = json("/api/handlers").values().stream()
                .filter(one -> one.get("task").asString().equals("limited.send"))
                .findFirst()
                .orElseThrow();
        assertThat(handler.get("set").get("rateLimit").asString()).isEqualTo("100/m");
        assertThat(handler.get("concurrency").get(0).asInt()).as("configured").isEqualTo(3);

        var tag = limits.headers().firstValue("ETag").orElseThrow();
        var back = HTTP.send(request(path).DELETE().header("If-Match", tag).build(), BodyHandlers.ofString());
        assertThat(back.statusCode()).as(back.body()).isEqualTo(202);
        assertThat(body(get(path)).size()).isZero();
        assertThat(put("/api/workers/*/limits", "{\"concurrency\":16}", null).statusCode())
                .isEqualTo(202);
        assertThat(lastSetting("worker/*").concurrency()).isEqualTo(16);
    }

    /** Two gateways compare with the same setting before either writes. */
    @Test
    void letsOneOfTwoAdministratorsChangeALimitThatBothHaveSeen() throws Exception {
        send(worker("raced", "raced", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        var path = "/api/handlers/raced.send/limits";
        try (var other = TestGateway.start(TOPICS.namespace(), "--celeriac.queues=raced")) {
            await().until(() -> get(path).statusCode() == 200);
            await().until(() -> send(other, path, null).join().statusCode() == 200);
            for (int round = 1; round <= 5; round++) {
                var seen = get(path).headers().firstValue("ETag").orElseThrow();
                var one = send(program, path, put("{\"concurrency\":" + 10 * round + "}", seen));
                var two = send(other, path, put("{\"concurrency\":" + (10 * round + 1) + "}", seen));
                if (one.join().statusCode() == 503 || two.join().statusCode() == 503) {
                    continue; // the topic could not be read in time, and the gateway does not claim that it knows
                }
                var won = new ArrayList<Integer>();
                if (one.join().statusCode() == 202) {
                    won.add(10 * round);
                }
                if (two.join().statusCode() == 202) {
                    won.add(10 * round + 1);
                }
                assertThat(won)
                        .as("%s %s", one.join().body(), two.join().body())
                        .hasSize(1);
                assertThat(List.of(one.join().statusCode(), two.join().statusCode()))
                        .containsExactlyInAnyOrder(202, 412);
                await().untilAsserted(() ->
                        assertThat(body(get(path)).get("concurrency").asInt()).isEqualTo(won.get(0)));
            }
        }
    }

    private static Consumer<HttpRequest.Builder> put(String body, String ifMatch) {
        return request -> request.header("Content-Type", "application/json")
                .header("If-Match", ifMatch)
                .PUT(BodyPublishers.ofString(body));
    }

    private static CompletableFuture<HttpResponse<String>> send(
            ConfigurableApplicationContext gateway, String path, Consumer<HttpRequest.Builder> change) {
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port") + path));
        if (change != null) {
            change.accept(request);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|/api/handlers/limited.send/limits|{\"concurrency\":0}|422|concurrency",
                "PUT|/api/handlers/limited.send/limits|{\"rateLimit\":\"fast\"}|422|rateLimit",
                "PUT|/api/handlers/limited.send/limits|{}|422|concurrency",
                "PUT|/api/handlers/limited.send/limits|{\"concurrency\":\"x\"}|422|concurrency",
                "PUT|/api/workers/*/limits|{\"rateLimit\":\"1/s\"}|422|rateLimit",
                "PUT|/api/handlers/nobody.knows/limits|{\"concurrency\":1}|404|",
                "PUT|/api/workers/nobody/limits|{\"concurrency\":1}|404|",
                "POST|/api/workers/nobody/drain||404|",
                "GET|/api/workers/nobody||404|",
                "GET|/api/queues/nowhere||404|",
                "POST|/api/queues/nowhere/purge||404|",
                "POST|/api/queues/NO/pause||422|queue",
                "GET|/api/queues/busy/scale?min=-1||422|min",
                "GET|/api/queues/busy/scale?min=5&max=4||422|max"
            })
    void answersAProblemToWhatItCannotDo(String method, String path, String body, int status, String field)
            throws Exception {
        send(worker("limiting", "limited", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> get("/api/handlers/limited.send/limits").statusCode() == 200);
        var request = request(path)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        var answer = HTTP.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        if (field != null) {
            assertThat(body(answer).get("errors").get(0).get("field").asString())
                    .isEqualTo(field);
        }
    }

    @Test
    void drainsAWorkerAndTellsOfOneThatVanishes() throws Exception {
        send(worker("draining", "drained", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> get("/api/workers/draining").statusCode() == 200);
        var shown = json("/api/workers/draining");
        assertThat(shown.get("attempts").get(0).get("id").asString()).isEqualTo("t-1");
        assertThat(shown.get("free").asInt()).isEqualTo(2);
        var answer = post("/api/workers/draining/drain", "");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(body(answer).get("missing").get(0).asString()).isEqualTo("draining");
        var command = TaskJson.workerCommand(record(TOPICS.control(), "worker/draining"));
        assertThat(command.expiresAt()).isAfter(command.at());

        await().atMost(ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .until(() ->
                        json("/api/workers/draining").get("state").asString().equals("lost"));
        assertThat(json("/api/workers/draining").get("lostSince").asString()).isNotEmpty();
        assertThat(post("/api/workers/draining/resume", "").statusCode()).isEqualTo(409);
        send(worker("draining", "drained", State.STOPPED, List.of()));
        await().until(() -> json("/api/workers?all=true").toString().contains("\"stopped\""));
        assertThat(json("/api/workers").toString()).doesNotContain("\"draining\"");
    }

    @Test
    void warnsOfATaskThatNoLiveWorkerCanRun() throws Exception {
        await().atMost(ofSeconds(30))
                .until(
                        () -> warning("{\"task\":\"warned.send\",\"queue\":\"warned\"}"),
                        "no-worker: no live worker takes queue warned"::equals);
        send(worker("warning", "warned", State.RUNNING, parts(PARTITIONS, Map.of(), null)));
        await().until(() -> json("/api/queues/warned").get("workers").size() == 1);
        await().until(() -> warning("{\"task\":\"warned.send\",\"kwargs\":{\"to\":\"a\"},\"queue\":\"warned\"}")
                .isEmpty());
        assertThat(warning("{\"task\":\"other\",\"queue\":\"warned\"}"))
                .startsWith("no-handler: ")
                .contains("for other");
        assertThat(warning("{\"task\":\"warned.send\",\"queue\":\"warned\"}"))
                .startsWith("arguments: ")
                .contains("\"to\" is missing");
        assertThat(warning("{\"task\":\"warned.send\",\"args\":[1,2,3],\"queue\":\"warned\"}"))
                .contains("3 positional");
        assertThat(warning("{\"task\":\"warned.send\",\"kwargs\":{\"to\":1,\"cc\":2},\"queue\":\"warned\"}"))
                .contains("\"cc\"");
    }

    @Test
    void saysHowManyWorkersAQueueNeeds() throws Exception {
        assertThat(json("/api/queues/sized/scale").get("desired").asInt()).isZero();
        for (int i = 0; i < 20; i++) {
            task("sized", i % PARTITIONS, Instant.now());
        }
        await().atMost(ofSeconds(10))
                .until(() -> json("/api/queues/sized/scale").get("ready").asInt() == 20);
        assertThat(json("/api/queues/sized/scale").get("desired").asInt()).isEqualTo(5);
        var rates = await().atMost(ofSeconds(30))
                .until(
                        () -> json("/api/queues/sized").path("rates"),
                        found -> found.path("submitted").asDouble() > 0);
        assertThat(rates.get("seconds").asDouble()).isBetween(5.0, 65.0);
        assertThat(rates.get("taken").asDouble()).isZero();
        assertThat(json("/api/queues/sized/scale?max=2").get("desired").asInt()).isEqualTo(2);
        send(worker("sizing", "sized", State.RUNNING, parts(PARTITIONS, Map.of(WaitingFor.THREAD, 100L), null)));
        var scale = await().atMost(ofSeconds(10))
                .until(
                        () -> json("/api/queues/sized/scale"),
                        found -> found.get("busy").asInt() == 1);
        assertThat(scale.get("desired").asInt()).as("capped by partitions").isEqualTo(PARTITIONS);
        assertThat(scale.get("why").asString()).contains("running");
    }

    private static String warning(String task) throws Exception {
        var answer = body(post("/api/tasks", task));
        return answer.has("warnings") ? answer.get("warnings").get(0).asString() : "";
    }

    private static LiveSetting lastSetting(String key) {
        var all = settings(key);
        return all.get(all.size() - 1);
    }

    private static List<LiveSetting> settings(String key) {
        return records(TOPICS.settings(), key).stream()
                .map(TaskJson::liveSetting)
                .toList();
    }

    private static byte[] record(String topic, String key) {
        var all = records(topic, key);
        return all.get(all.size() - 1);
    }

    private static List<byte[]> records(String topic, String key) {
        var partition = new TopicPartition(topic, 0);
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            var found = new ArrayList<byte[]>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key(), UTF_8).equals(key)) {
                        found.add(record.value());
                    }
                });
            }
            return found;
        }
    }

    private static JsonNode json(String path) throws Exception {
        var answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return body(answer);
    }

    private static JsonNode body(HttpResponse<String> answer) {
        return TaskJson.MAPPER.readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return HTTP.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> put(String path, String body, String ifMatch) throws Exception {
        var request = request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                + program.getEnvironment().getProperty("local.server.port") + path.replace("*", "%2A")));
    }
}
