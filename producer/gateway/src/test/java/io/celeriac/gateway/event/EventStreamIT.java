package io.celeriac.gateway.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.GatewayApplication;
import io.celeriac.resultsweb.event.Position;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
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

/**
 * The program with a real broker, followed by real clients: each must get all that it asked for, once, wherever it goes
 * on, and one that does not read must be no trouble to others.
 */
class EventStreamIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Topics TOPICS = new Topics(TestStack.uniqueName("events"));
    private static TestDatabase database;
    private static ConfigurableApplicationContext program;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        database = TestStack.createDatabase();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        program = startProgram("--celeriac.web.events.kept-size=8MB", "--celeriac.web.events.max-clients=2000");
    }

    @AfterAll
    static void stop() {
        program.close();
        producer.close();
    }

    @Test
    void tellsWhatMatchesFromNowOn() throws Exception {
        publish(List.of("before"), "watched");
        var source = open(program, "?task=watched&state=SUCCESS&state=RETRY&label=tenant:acme", "");
        publish("other", "unwatched");
        send("none", null);
        send("odd", "{".getBytes(UTF_8));
        var labelled = Task.named("watched").id("one").labels(Map.of("tenant", "acme", "a", "b"));
        var result = TaskResult.of(labelled.build(), "default", TaskState.SUCCESS)
                .result(TaskJson.tree("two\nlines"))
                .build();
        send("one", TaskJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(result));
        send(
                "two",
                TaskJson.bytes(TaskResult.of(labelled.id("two").build(), "default", TaskState.RETRY)
                        .build()));
        send(
                "three",
                TaskJson.bytes(TaskResult.of(labelled.id("three").build(), "default", TaskState.STARTED)
                        .build()));
        source.awaitChanges(2, SOON);

        assertThat(source.changes()).extracting(EventSource.Event::event).containsExactlyInAnyOrder("SUCCESS", "RETRY");
        assertThat(source.changes())
                .extracting(change -> TaskJson.result(change.data().getBytes(UTF_8)))
                .contains(result);
        assertThat(source.retry()).isEqualTo("2000");
        var headers = source.answer().get().headers();
        assertThat(headers.firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(headers.firstValue("Cache-Control")).contains("no-store");
        assertThat(headers.firstValue("X-Accel-Buffering")).contains("no");
        source.close();
    }

    @Test
    void goesOnFromMemory() throws Exception {
        var first = open(program, "?task=memory", "");
        publish(ids("m", 0, 40), "memory");
        first.awaitChanges(40, SOON);
        first.close();
        publish(ids("m", 40, 60), "memory");
        var seen = first.changes();
        var second = open(program, "?task=memory", seen.get(seen.size() - 1).id());
        publish(ids("m", 60, 80), "memory");

        assertAll(ids("m", 0, 80), first, second);
        second.close();
    }

    @Test
    void goesOnAtAnotherGatewayThatHasToReadOlderRecordsWhileNewOnesCome() throws Exception {
        var first = open(program, "?task=old", "");
        publish(ids("o", 0, 100), "old");
        first.awaitChanges(100, SOON);
        first.close();
        publish(ids("o", 100, 3_000), "old");
        try (var other = startProgram("--celeriac.web.events.max-clients=3")) {
            var published = new ArrayList<>(ids("o", 0, 3_000));
            var enough = new AtomicBoolean();
            var publishing = CompletableFuture.runAsync(() -> {
                for (var number = 3_000; !enough.get(); number += 10) {
                    var more = ids("o", number, number + 10);
                    publish(more, "old");
                    published.addAll(more);
                }
            });
            var second = open(other, "?task=old", first.lastId());
            second.awaitChanges(5_000, SOON);
            second.close();
            var third = open(other, "?task=old", second.lastId());
            third.awaitChanges(1_000, SOON);
            enough.set(true);
            publishing.get(30, TimeUnit.SECONDS);

            assertAll(published, first, second, third);
            third.close();
            tellsOfAGap(other);
            hasNoSeatForOneTooMany(other);
        }
    }

    @Test
    void endsItsStreamsAtOnceWhenItStops() throws Exception {
        var other = startProgram();
        var reading = open(other, "?task=end", "");
        try (var stuck = new StuckReader(uri(other, "?task=end"))) {
            await().atMost(SOON).until(() -> clients(other) == 2);
            publishLarge(ids("e", 0, 20), "end", 900_000);
            reading.awaitChanges(20, SOON);
            assertThat(reading.changes()).hasSize(20);
            var before = System.nanoTime();
            other.close();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            await().atMost(SOON).until(reading::isEnded);
            assertThat(EventSource.read(stuck.readAll()).changes()).hasSizeLessThan(20);
        }
    }

    @Test
    void dropsASlowClientThatComesBackForTheRestWhileAFastOneGetsAll() throws Exception {
        var dropped = program.getBean(MeterRegistry.class)
                .get("celeriac.web.events.dropped")
                .counter();
        var droppedBefore = dropped.count();
        var fast = open(program, "?task=slow", "");
        var ids = ids("s", 0, 800);
        try (var slow = new StuckReader(uri(program, "?task=slow"))) {
            await().atMost(SOON).until(() -> clients(program) >= 2);
            var at = 0;
            while (dropped.count() == droppedBefore) {
                publishLarge(ids.subList(at, at + 40), "slow", 50_000);
                at += 40;
                fast.awaitChanges(at, SOON);
            }
            var first = EventSource.read(slow.readAll());
            for (; at < ids.size(); at += 40) {
                publishLarge(ids.subList(at, at + 40), "slow", 50_000);
                fast.awaitChanges(at + 40, SOON);
            }
            assertAll(ids, fast);
            var last = first.all().get(first.all().size() - 1);
            var second = open(program, "?task=slow", first.lastId());

            assertThat(last.event()).isEqualTo("dropped");
            assertThat(last.data()).contains("too slowly");
            assertAll(ids, first, second);
            second.close();
        }
        fast.close();
    }

    @Test
    void servesAThousandClientsFromOneConsumer() throws Exception {
        var sources = new ArrayList<EventSource>();
        for (var number = 0; number < 1_000; number++) { // five times as many as Tomcat has threads
            sources.add(EventSource.open(uri(program, "?task=many"), ""));
        }
        await().atMost(SOON).until(() -> sources.stream().allMatch(EventSource::isOpen));
        assertThat(clients(program)).isGreaterThanOrEqualTo(1_000);
        var ids = ids("many", 0, 50);
        publish(ids, "many");
        for (var source : sources) {
            assertAll(ids, source);
        }
        assertThat(get("/api/tasks?limit=1").statusCode()).isEqualTo(200);
        assertThat(ManagementFactory.getPlatformMBeanServer()
                        .queryNames(
                                new ObjectName(
                                        "kafka.consumer:type=app-info,id=" + TOPICS.namespace() + ".gateway.watcher.*"),
                                null))
                .hasSize(1);
        sources.forEach(EventSource::close);
        publish("another", "many"); // whose writing finds the connections closed
        await().atMost(SOON).until(() -> clients(program) == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "?lastEventId=odd, , 400, lastEventId",
        "?lastEventId=0-1, odd, 400, Last-Event-ID",
        "?state=ODD, , 400, state",
        "?label=tenant, , 422, label"
    })
    void answersAProblemToWhatItCannotRead(String query, String lastEventId, int status, String field)
            throws Exception {
        var request = HttpRequest.newBuilder(uri(program, query)).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var answer = HTTP.send(request.build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(TaskJson.MAPPER
                        .readTree(answer.body())
                        .get("errors")
                        .get(0)
                        .get("field")
                        .asString())
                .isEqualTo(field);
    }

    @Test
    void describesItselfToWhoOnlyAsksForTheHead() throws Exception {
        var request = HttpRequest.newBuilder(uri(program, ""))
                .method("HEAD", BodyPublishers.noBody())
                .timeout(SOON);
        var answer = HTTP.send(request.build(), BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
    }

    private static void tellsOfAGap(ConfigurableApplicationContext other) throws Exception {
        try (var admin = Admin.create(
                Map.<String, Object>of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            var partition = new TopicPartition(TOPICS.results(), 0);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(5)))
                    .all()
                    .get();
        }
        var source = open(other, "?task=old", "0-1");
        await().atMost(SOON)
                .until(() ->
                        source.all().stream().anyMatch(event -> event.event().equals("gap")));
        var gap = source.all().get(1);
        assertThat(gap.data()).startsWith("{\"asked\":\"0-1\",\"from\":\"0-5");
        assertThat(gap.id()).startsWith("0-5");
        source.close();
    }

    private static void hasNoSeatForOneTooMany(ConfigurableApplicationContext other) throws Exception {
        publish(List.of("closed"), "old");
        await().atMost(SOON).until(() -> clients(other) == 0);
        var seated = Stream.generate(() -> open(other, "", "")).limit(3).toList();
        var answer = HTTP.send(HttpRequest.newBuilder(uri(other, "")).build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("2");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        seated.forEach(EventSource::close);
    }

    /** What these got one after the other is all of it, each once, and in order within a partition. */
    private static void assertAll(List<String> ids, EventSource... sources) throws InterruptedException {
        var last = sources[sources.length - 1];
        var before = Stream.of(sources)
                .limit(sources.length - 1L)
                .mapToInt(one -> one.changes().size())
                .sum();
        last.awaitChanges(ids.size() - before, SOON);
        assertThat(Stream.of(sources).flatMap(source -> source.changes().stream()))
                .as("%s, events of its own: %s", last.isEnded() ? "ended" : "open", last.ownEvents())
                .extracting(
                        change -> TaskJson.result(change.data().getBytes(UTF_8)).id())
                .containsExactlyInAnyOrderElementsOf(ids);
        var position = Position.START;
        for (var change : (Iterable<EventSource.Event>)
                Stream.of(sources).flatMap(source -> source.changes().stream())::iterator) {
            var next = Position.parse(change.id());
            assertThat(next.covers(position)).as("%s after %s", next, position).isTrue();
            position = next;
        }
    }

    private static EventSource open(ConfigurableApplicationContext of, String query, String lastEventId) {
        var source = EventSource.open(uri(of, query), lastEventId);
        await().atMost(SOON).until(source::isOpen);
        return source;
    }

    private static URI uri(ConfigurableApplicationContext of, String query) {
        return URI.create("http://127.0.0.1:" + of.getEnvironment().getProperty("local.server.port")
                + "/api/tasks/events" + query);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(program, "").resolve(path)).build(), BodyHandlers.ofString());
    }

    private static List<String> ids(String prefix, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> prefix + "-" + number)
                .toList();
    }

    private static void publish(List<String> ids, String task) {
        ids.forEach(id -> publish(id, task));
        producer.flush();
    }

    private static void publish(String id, String task) {
        send(
                id,
                TaskJson.bytes(TaskResult.of(Task.named(task).id(id).build(), "default", TaskState.SUCCESS)
                        .build()));
    }

    private static void publishLarge(List<String> ids, String task, int size) {
        for (var id : ids) {
            send(
                    id,
                    TaskJson.bytes(TaskResult.of(Task.named(task).id(id).build(), "default", TaskState.SUCCESS)
                            .result(TaskJson.tree("x".repeat(size)))
                            .build()));
        }
        producer.flush();
    }

    private static void send(String id, byte[] value) {
        producer.send(new ProducerRecord<>(TOPICS.results(), id.getBytes(UTF_8), value));
    }

    private static double clients(ConfigurableApplicationContext of) {
        return of.getBean(MeterRegistry.class)
                .get("celeriac.web.events.clients")
                .gauge()
                .value();
    }

    private static ConfigurableApplicationContext startProgram(String... settings) {
        var all = new ArrayList<>(List.of(
                "--server.port=0",
                "--celeriac.access.enabled=false",
                "--celeriac.namespace=" + TOPICS.namespace(),
                "--spring.kafka.bootstrap-servers=" + TestStack.kafka().bootstrapServers(),
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password()));
        all.addAll(List.of(settings));
        return GatewayApplication.application().run(all.toArray(String[]::new));
    }
}
