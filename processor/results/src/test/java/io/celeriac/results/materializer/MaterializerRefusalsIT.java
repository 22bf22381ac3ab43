package io.celeriac.results.materializer;

import static io.celeriac.results.TestData.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.MaterializerFixture;
import io.celeriac.results.loop.LoopWatch;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One record must never hurt the rest: whatever it is, it is set aside once, with its place and reason, and counted; the other rows are
 * written and the positions move on. What concerns the server concerns all records alike: it is said, and none is set aside for it.
 */
class MaterializerRefusalsIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String DEEP = "[".repeat(3_000) + "]".repeat(3_000);
    private static final String HUGE_NUMBER = "1".repeat(1_500);

    /** What no column or no reader takes, in a result that is well otherwise. */
    private static final List<String> BAD_FIELDS = List.of(
            "\"labels\":{\"a\":null}",
            "\"labels\":{\"a\":1}",
            "\"labels\":[]",
            "\"worker\":\"" + "x".repeat(256) + "\"",
            "\"key\":\"" + "🥬".repeat(256) + "\"",
            "\"schedule\":{\"name\":\"" + "x".repeat(256) + "\",\"fireTime\":\"2026-01-31T12:00:00Z\"}",
            "\"schedule\":{\"name\":null,\"fireTime\":null}",
            "\"parentId\":\"" + "x".repeat(65) + "\"",
            "\"submittedAt\":\"+12026-01-31T12:00:00Z\"",
            "\"submittedAt\":\"0999-12-31T23:59:59Z\"",
            "\"startedAt\":\"-0001-01-31T12:00:00Z\"",
            "\"startedAt\":1",
            "\"result\":1e99999999999",
            "\"result\":" + HUGE_NUMBER,
            "\"result\":" + DEEP,
            "\"result\":\"" + "x".repeat(400_000) + "\"", // larger than the packets that the server takes
            "\"revision\":9223372036854775808",
            "\"attempt\":2147483648",
            "\"priority\":\"high\"",
            "\"reason\":\"bored\"",
            "\"progress\":7",
            "\"children\":[null]",
            "\"error\":\"x\"");

    private static final List<String> BAD_RESULTS = Stream.concat(
                    Stream.of(
                            "",
                            "null",
                            "[]",
                            "7",
                            "{",
                            "{}",
                            "\u0000",
                            "{\"id\":\"x\"}",
                            body("i", "demo.add", "default", "DONE", "\"x\":1"),
                            body("a b", "demo.add", "default", "SUCCESS", "\"x\":1"),
                            body("pad ", "demo.add", "default", "SUCCESS", "\"x\":1"),
                            body("x".repeat(65), "demo.add", "default", "SUCCESS", "\"x\":1"),
                            body("n", "x".repeat(256), "default", "SUCCESS", "\"x\":1"),
                            body("q", "demo.add", "q".repeat(81), "SUCCESS", "\"x\":1"),
                            body("t", "demo.trigger", "default", "SUCCESS", "\"x\":1")),
                    BAD_FIELDS.stream().map(field -> body("bad", "demo.add", "default", "SUCCESS", field)))
            .toList();

    private static final List<String> BAD_TASKS = List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"task\":null}",
            "{\"task\":7}",
            "{\"task\":\"a b\"}",
            "{\"task\":\"" + "x".repeat(256) + "\"}",
            "{\"task\":\"demo.add\",\"id\":\"" + "x".repeat(65) + "\"}",
            "{\"task\":\"demo.add\",\"labels\":{\"a\":null}}",
            "{\"task\":\"demo.add\",\"args\":[1e99999999999,1]}",
            "{\"task\":\"demo.add\",\"args\":[" + HUGE_NUMBER + "]}",
            "{\"task\":\"demo.add\",\"args\":" + DEEP + "}",
            "{\"task\":\"demo.add\",\"args\":[\"" + "x".repeat(400_000) + "\"]}",
            "{\"task\":\"demo.add\",\"eta\":\"+12026-01-31T12:00:00Z\"}",
            "{\"task\":\"demo.add\",\"key\":\"" + "🥬".repeat(256) + "\"}",
            "{\"task\":\"demo.add\",\"schedule\":{\"name\":\"" + "x".repeat(256)
                    + "\",\"fireTime\":\"2026-01-31T12:00:00Z\"}}",
            "{\"task\":\"demo.trigger\"}");

    private static String body(String id, String task, String queue, String state, String more) {
        return "{\"id\":\"" + id + "\",\"task\":\"" + task + "\",\"queue\":\"" + queue + "\",\"state\":\"" + state
                + "\",\"attempt\":1,\"revision\":1," + more + "}";
    }

    @Test
    void everyGoodRowIsWrittenWhateverComesBetween() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            var jdbc = JdbcClient.create(fixture.pool);
            jdbc.sql("CREATE TRIGGER of_somebody BEFORE INSERT ON task_result FOR EACH ROW"
                            + " IF NEW.task = 'demo.trigger' THEN SIGNAL SQLSTATE '45000'; END IF")
                    .update();
            var packet = jdbc.sql("SELECT @@global.max_allowed_packet")
                    .query(Long.class)
                    .single();
            jdbc.sql("SET GLOBAL max_allowed_packet = 300000").update();
            try {
                var records = sendInterleaved(fixture);
                try (var program = fixture.start(KnowingProgram.class)) {
                    await().atMost(SOON)
                            .untilAsserted(() -> assertThat(positions(jdbc)).isEqualTo(records));

                    assertThat(refused(program, "materializer"))
                            .isBetween((double) BAD_RESULTS.size(), BAD_RESULTS.size() + 1.0);
                    assertThat(refused(program, "materializer-pending")).isEqualTo(BAD_TASKS.size());
                    assertThat(fixture.deadLetters()).hasSize((int) refused(program, "materializer"));
                    assertThat(program.getBean(LoopWatch.class).down()).isEmpty();
                }
            } finally {
                jdbc.sql("SET GLOBAL max_allowed_packet = " + packet).update();
            }
            var good = jdbc.sql("SELECT COUNT(*) FROM task_result WHERE id LIKE 'good-%'")
                    .query(Integer.class)
                    .single();
            assertThat(good).isEqualTo(BAD_RESULTS.size() + BAD_TASKS.size());
        }
    }

    private static int sendInterleaved(MaterializerFixture fixture) {
        for (var number = 0; number < BAD_RESULTS.size(); number++) {
            fixture.send(
                    fixture.topics.results(), "bad", BAD_RESULTS.get(number).getBytes(UTF_8));
            fixture.send(result("good-" + number, TaskState.SUCCESS, 1));
        }
        var tasks = fixture.topics.tasks("default");
        for (var number = 0; number < BAD_TASKS.size(); number++) {
            fixture.send(tasks, "k", BAD_TASKS.get(number).getBytes(UTF_8));
            fixture.send(
                    tasks,
                    "k",
                    TaskJson.bytes(Task.of("demo.add").toBuilder()
                            .id("good-task-" + number)
                            .build()));
        }
        // What may be written or not, as long as it stops nothing: half a surrogate pair, and records without a key or
        // a value.
        fixture.send(
                fixture.topics.results(),
                "k",
                body(
                                "half",
                                "demo.add",
                                "default",
                                "SUCCESS",
                                "\"key\":\"\\ud83d\",\"labels\":{\"\\ud83d\":\"\\udf63\"}")
                        .getBytes(UTF_8));
        fixture.producer.send(new ProducerRecord<>(fixture.topics.results(), "gone".getBytes(UTF_8), null));
        fixture.producer.send(new ProducerRecord<>(tasks, null));
        fixture.producer.flush();
        return 2 * (BAD_RESULTS.size() + BAD_TASKS.size()) + 3;
    }

    @Test
    void anOutageIsSaidAndSetsNothingAsideTwice() {
        try (var server = DatabaseServer.launch();
                var fixture = new MaterializerFixture(server.createDatabase())) {
            var jdbc = JdbcClient.create(fixture.pool);
            fixture.send(result("before", TaskState.SUCCESS, 1));
            server.stop();
            try (var program = fixture.start()) { // without the database
                var loops = program.getBean(LoopWatch.class);
                await().atMost(SOON).until(() -> loops.down().keySet().containsAll(List.of("tables", "materializer")));
                server.start();
                awaitRow(fixture, "before");
                await().atMost(SOON).until(() -> loops.down().isEmpty());

                server.stop();
                fixture.send(fixture.topics.results(), "torn", "{".getBytes(UTF_8));
                fixture.send(result("meanwhile", TaskState.SUCCESS, 1));
                await().atMost(SOON)
                        .until(() ->
                                loops.down().getOrDefault("materializer", "").contains(fixture.topics.results() + "/"));
                server.start();
                awaitRow(fixture, "meanwhile");

                jdbc.sql("CREATE TRIGGER full BEFORE INSERT ON task_result FOR EACH ROW"
                                + " SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full'")
                        .update();
                fixture.send(result("full-1", TaskState.SUCCESS, 1));
                fixture.send(result("full-2", TaskState.SUCCESS, 1));
                await().atMost(SOON)
                        .until(() ->
                                loops.down().getOrDefault("materializer", "").contains("The table is full"));
                jdbc.sql("DROP TRIGGER full").update();
                awaitRow(fixture, "full-1");
                awaitRow(fixture, "full-2");

                await().atMost(SOON).until(() -> loops.down().isEmpty());
                assertThat(fixture.deadLetters()).hasSize(1);
                assertThat(refused(program, "materializer")).isEqualTo(1);
            }
        }
    }

    private static void awaitRow(MaterializerFixture fixture, String id) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> fixture.repository.find(id).isPresent());
    }

    /** The new topic is longer than the old one was: its position would seem to say that all of it is in the tables. */
    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            fixture.send(result("old", TaskState.SUCCESS, 1));
            try (var program = fixture.start()) {
                awaitRow(fixture, "old");
                assertThat(program.isActive()).isTrue();
            }
            fixture.admin.deleteTopics(List.of(fixture.topics.results())).all().get();
            await().atMost(SOON)
                    .until(() -> !fixture.admin.listTopics().names().get().contains(fixture.topics.results()));
            fixture.settings.provision(fixture.admin, List.of("default"));
            try (var producer = fixture.newProducer()) {
                for (var number = 0; number < 60; number++) {
                    var result = result("new-" + number, TaskState.SUCCESS, 1);
                    producer.send(new ProducerRecord<>(
                                    fixture.topics.results(), result.id().getBytes(UTF_8), TaskJson.bytes(result)))
                            .get();
                }
            }

            try (var program = fixture.start()) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(JdbcClient.create(fixture.pool)
                                        .sql("SELECT COUNT(*) FROM task_result WHERE id LIKE 'new-%'")
                                        .query(Integer.class)
                                        .single())
                                .isEqualTo(60));
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    /** As of an error of the JVM: nothing in the program would be seen to be wrong, and no row be written any more. */
    @Test
    void aThreadThatEndsIsStartedAgain() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var program = fixture.start(ErringProgram.class)) {
            fixture.send(
                    fixture.topics.tasks("default"),
                    "k",
                    TaskJson.bytes(Task.of("demo.add").toBuilder().id("again").build()));

            awaitRow(fixture, "again");
            assertThat(program.getBean(ErringProgram.class).errors).hasPositiveValue();
        }
    }

    private static int positions(JdbcClient jdbc) {
        return jdbc.sql("SELECT COALESCE(SUM(next_offset), 0) FROM materialized_offset")
                .query(Integer.class)
                .single();
    }

    private static double refused(ConfigurableApplicationContext program, String loop) {
        return program
                .getBean(MeterRegistry.class)
                .find("celeriac.results.refused")
                .tag("loop", loop)
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({MaterializerConfiguration.class, MaterializerFixture.Program.class})
    static class KnowingProgram {

        @Bean
        HandlerRedactions knownTasks() {
            return task -> Optional.of(Redaction.NONE);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(MaterializerConfiguration.class)
    static class ErringProgram {

        final AtomicInteger errors = new AtomicInteger();

        @Bean
        HandlerRedactions knownTasks() {
            return task -> {
                if (errors.getAndIncrement() == 0) {
                    throw new NoClassDefFoundError("once");
                }
                return Optional.of(Redaction.NONE);
            };
        }
    }
}
