package io.celeriac.gateway.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A gateway with little room: whoever finds none must be told so at once, and nobody may keep it from others for longer
 * than a few seconds. Health is answered whatever comes.
 */
class BoundedGatewayIT {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Topics TOPICS = new Topics(TestStack.uniqueName("bounded"));
    private static ConfigurableApplicationContext program;
    private static Admin admin;

    @BeforeAll
    static void start() {
        var bootstrap = TestStack.kafka().bootstrapServers();
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        program = TestGateway.start(
                TOPICS.namespace(),
                "--server.tomcat.threads.max=8",
                "--server.tomcat.threads.min-spare=1",
                "--celeriac.web.max-waiting=3",
                "--celeriac.web.body-memory=4MB",
                "--celeriac.web.body-timeout=3s");
    }

    @AfterAll
    static void stop() {
        program.close();
        admin.close();
    }

    @Test
    void whoeverFindsNoSeatToWaitIsToldAtOnce() throws Exception {
        var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (var number = 0; number < 3; number++) {
            waiting.add(HTTP.sendAsync(request("/api/tasks/unknown?wait=PT6S").build(), BodyHandlers.ofString()));
        }
        await().until(() -> get("/api/tasks/unknown?wait=PT0S").statusCode() == 503);

        var refused = get("/api/tasks?atLeast=default-0-7");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(get("/api/tasks").statusCode()).as("who does not wait").isEqualTo(200);
        for (var one : waiting) {
            assertThat(one.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
        }
        assertThat(get("/api/tasks/unknown?wait=PT0S").statusCode()).isEqualTo(404);
    }

    /** Each would hold a thread until its body is there: one in the midst of it, one byte by byte, one that is not wanted. */
    @Test
    void bodiesThatDoNotComeAreCutOffAndHealthIsAnsweredMeanwhile() throws Exception {
        var heads = List.of("POST /api/tasks", "POST /actuator/health", "GET /actuator/health", "POST /nowhere");
        var stalled = new ArrayList<Socket>();
        try {
            for (var number = 0; number < 60; number++) {
                stalled.add(begin(heads.get(number % heads.size())));
            }
            for (var look = 0; look < 20; look++) {
                for (var socket : stalled) {
                    trickle(socket);
                }
                assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> post("/api/tasks", "{\"task\":\"a\"}").statusCode() == 202);
            for (var socket : stalled) {
                socket.setSoTimeout(15_000);
                assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
                        .matches("HTTP/1\\.1 (200|404|405|408|503)|");
            }
        } finally {
            for (var socket : stalled) {
                socket.close();
            }
        }
    }

    /** A client would otherwise send its next request into a connection that closes. */
    @Test
    void keepsAConnectionAfterABodyThatNobodyReads() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(15_000);
            var request =
                    "POST /api/nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
            for (var number = 0; number < 3; number++) {
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                socket.getOutputStream().write("{}".getBytes(US_ASCII));
                assertThat(answer(socket))
                        .as("request " + number)
                        .startsWith("HTTP/1.1 404")
                        .doesNotContain("Connection: close", "(closed)");
            }
        }
    }

    /** One answer in chunks, up to the last. */
    private static String answer(Socket socket) throws IOException {
        var text = new StringBuilder();
        while (!text.toString().endsWith("\r\n0\r\n\r\n")) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                return text + " (closed)";
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static Socket begin(String call) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.getOutputStream()
                .write((call
                                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{")
                        .getBytes(US_ASCII));
        return socket;
    }

    private static void trickle(Socket socket) {
        try {
            socket.getOutputStream().write(' ');
        } catch (IOException e) {
            assertThat(e).as("it was cut off").isNotNull();
        }
    }

    @Test
    void aBodyThatNeedsMoreMemoryThanThereIsIsRefused() throws Exception {
        var answer = post("/api/tasks", "{\"task\":\"a\",\"args\":[\"" + "x".repeat(700_000) + "\"]}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(post("/api/tasks/batch", "[{\"task\":\"a\"}]").statusCode()).isEqualTo(202);
    }

    /** Else a client that is told 503 would send again what runs already, or miss what does not. */
    @Test
    void aBatchIsTakenAsAWholeOrNotAtAll() throws Exception {
        admin.createTopics(List.of(new NewTopic(TOPICS.tasks("gone"), 1, (short) 1)))
                .all()
                .get();
        await().until(() ->
                post("/api/tasks", "{\"task\":\"a\",\"queue\":\"gone\"}").statusCode() == 202);
        admin.deleteTopics(List.of(TOPICS.tasks("gone"))).all().get();

        var begun = System.nanoTime();
        var torn = post("/api/tasks/batch", "[{\"task\":\"a\",\"id\":\"torn\"},{\"task\":\"a\",\"queue\":\"gone\"}]");
        var many = post(
                "/api/tasks/batch", "[" + "{\"task\":\"a\",\"queue\":\"gone\"},".repeat(1_000) + "{\"task\":\"a\"}]");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(List.of(torn.statusCode(), many.statusCode()))
                .containsAnyOf(503, 422)
                .doesNotContain(202);

        var whole = post("/api/tasks/batch", "[{\"task\":\"a\",\"id\":\"one\"},{\"task\":\"a\",\"id\":\"two\"}]");
        assertThat(whole.statusCode()).isEqualTo(202);
        var ids = committed();
        assertThat(ids).containsKeys("one", "two").doesNotContainKey("torn");
        for (var receipt : TaskJson.MAPPER.readTree(whole.body())) {
            assertThat(ids.get(receipt.get("id").asString()))
                    .isEqualTo(receipt.get("partition") + "-" + receipt.get("offset"));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> post("/api/tasks", "{\"task\":\"a\",\"queue\":\"gone\"}")
                                .statusCode()
                        == 422);
    }

    /** Where each task of the default queue is, by its id, as workers see it once every transaction has its end marker. */
    private static Map<String, String> committed() throws Exception {
        var config = Map.<String, Object>of(
                "bootstrap.servers", TestStack.kafka().bootstrapServers(), "isolation.level", "read_committed");
        var places = new HashMap<String, String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(TOPICS.tasks("default")).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            // A commit is acknowledged before its markers are written: the end that counts is that of all records.
            var ends = admin.listOffsets(partitions.stream()
                            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())))
                    .all()
                    .get();
            await().until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> places.put(
                                TaskJson.task(record.value().getBytes(UTF_8)).id(),
                                record.partition() + "-" + record.offset()));
                return ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey())
                                >= end.getValue().offset());
            });
        }
        return places;
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
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(40));
    }

    private static int port() {
        return program.getEnvironment().getProperty("local.server.port", Integer.class, 0);
    }
}
