package io.celeriac.results.materializer;

import static io.celeriac.results.TestData.result;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.MaterializerFixture;
import io.celeriac.results.TestData;
import io.celeriac.results.rebuild.ResultRebuild;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows follow the topic, whatever happens to the program or the database meanwhile. */
class MaterializerIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /**
     * A program that is stopped at any point and started again must leave the rows as if it had never stopped: the
     * offsets are in the same transaction as the rows, so no record is passed over.
     */
    @Test
    void rowsEqualTheTopicsLatestStateThroughRestarts() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            var expected = new HashMap<String, TaskResult>();
            for (var run = 0; run < 3; run++) {
                try (var program = fixture.start()) {
                    for (var number = 0; number < 2_000; number++) {
                        var state = number % 3 == 2 ? TaskState.SUCCESS : TaskState.STARTED;
                        var result = result("t-" + run + "-" + number / 3, state, 1 + number % 3);
                        expected.put(result.id(), result);
                        fixture.send(result);
                    }
                    fixture.producer.flush();
                    var some = run * 300;
                    await().atMost(SOON).until(() -> rows(fixture) > some); // then stops in the middle of it
                    assertThat(program.isActive()).isTrue();
                }
            }
            try (var program = fixture.start()) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(rows(fixture)).isEqualTo(expected.size()));
                await().atMost(SOON)
                        .untilAsserted(() ->
                                assertThat(fixture.repository.find("t-2-664")).contains(expected.get("t-2-664")));
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(offsets(fixture)).isEqualTo(6_000));
                expected.forEach(
                        (id, result) -> assertThat(fixture.repository.find(id)).contains(result));
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    /** A scheduler that waits until the tables have all of a queue must not wait for the next task, which may come tomorrow. */
    @Test
    void storesPositionsBehindTheMarkersOfTransactions() throws Exception {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var transactions = fixture.newTransactionalProducer();
                var program = fixture.start()) {
            var queue = fixture.topics.tasks("default");
            transactions.initTransactions();
            for (var round = 0; round < 3; round++) {
                transactions.beginTransaction();
                for (var partition = 0; partition < 3; partition++) {
                    var task = TaskJson.bytes(Task.named("demo.add")
                            .id("in-" + round + "-" + partition)
                            .build());
                    transactions.send(new ProducerRecord<>(queue, partition, null, task));
                }
                if (round == 2) {
                    transactions.abortTransaction(); // its marker comes without a record
                } else {
                    transactions.commitTransaction();
                }
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(stored(fixture, queue)).isEqualTo(ends(fixture, queue)));
            }
            assertThat(rows(fixture)).isEqualTo(6);
            assertThat(program.isActive()).isTrue();
        }
    }

    private static Map<Integer, Long> stored(MaterializerFixture fixture, String topic) {
        var stored = new HashMap<Integer, Long>();
        for (var partition = 0; partition < 3; partition++) {
            var number = partition;
            fixture.repository
                    .nextOffset(new TopicPartition(topic, partition))
                    .ifPresent(offset -> stored.put(number, offset));
        }
        return stored;
    }

    private static Map<Integer, Long> ends(MaterializerFixture fixture, String topic) throws Exception {
        var ends = new HashMap<Integer, Long>();
        for (var partition = 0; partition < 3; partition++) {
            var asked = new TopicPartition(topic, partition);
            var offsets = fixture.admin.listOffsets(Map.of(asked, OffsetSpec.latest()));
            ends.put(partition, offsets.partitionResult(asked).get().offset());
        }
        return ends;
    }

    /** A database restored from a backup, or emptied, knows less than Kafka believes that was written. */
    @Test
    void readsOnFromWhereTheDatabaseSaysAndNotKafka() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            fixture.send(result("again", TaskState.SUCCESS, 1));
            try (var program = fixture.start()) {
                await().atMost(SOON)
                        .until(() -> fixture.repository.find("again").isPresent());
                assertThat(program.isActive()).isTrue();
            }
            var jdbc = JdbcClient.create(fixture.pool);
            jdbc.sql("DELETE FROM task_result").update();
            jdbc.sql("DELETE FROM materialized_offset").update();

            try (var program = fixture.start()) {
                await().atMost(SOON)
                        .until(() -> fixture.repository.find("again").isPresent());
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    /**
     * While the database is away the consumer must stay in its group, since a rebalance would only hand the trouble to
     * another, and go on by itself, without losing what came meanwhile.
     */
    @Test
    void outlivesADatabaseThatIsAwayForTwentySeconds() {
        try (var server = DatabaseServer.launch();
                var fixture = new MaterializerFixture(server.createDatabase());
                var program = fixture.start()) {
            fixture.send(result("before", TaskState.SUCCESS, 1));
            await().atMost(SOON).until(() -> fixture.repository.find("before").isPresent());
            var members = fixture.members();

            server.stop();
            for (var number = 0; number < 500; number++) {
                fixture.send(result("meanwhile-" + number, TaskState.SUCCESS, 1));
            }
            await().during(Duration.ofSeconds(20))
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> fixture.members().equals(members));
            server.start();

            fixture.send(result("after", TaskState.SUCCESS, 1));
            await().atMost(SOON).ignoreExceptions().until(() -> rows(fixture) == 502);
            assertThat(fixture.members()).isEqualTo(members).hasSize(1);
            assertThat(program.isActive()).isTrue();
        }
    }

    /** An assignment must not wait for a database that is away, nor take Kafka's word for the position. */
    @Test
    void outlivesADatabaseThatIsAwayDuringTheAssignment() {
        try (var server = DatabaseServer.launch();
                var fixture = new MaterializerFixture(server.createDatabase())) {
            fixture.send(result("first", TaskState.SUCCESS, 1));
            try (var first = fixture.start()) {
                await().atMost(SOON)
                        .until(() -> fixture.repository.find("first").isPresent());
                var container = first.getBean(
                        "materializer", org.springframework.kafka.listener.MessageListenerContainer.class);
                container.stop();
                server.stop();
                container.start();
                await().atMost(SOON)
                        .until(() -> container.getAssignedPartitions() != null
                                && container.getAssignedPartitions().size() == 3);
                fixture.send(result("second", TaskState.SUCCESS, 1));
                server.start();

                await().atMost(SOON)
                        .ignoreExceptions()
                        .until(() -> fixture.repository.find("second").isPresent());
                assertThat(first.isActive()).isTrue();
            }
        }
    }

    @Test
    void setsAsideWhatIsUnreadableOrRefusedAndGoesOn() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            for (var number = 0; number < 100; number++) {
                fixture.send(result("good-" + number, TaskState.SUCCESS, 1));
            }
            fixture.send(fixture.topics.results(), "torn", "{\"id\":".getBytes(UTF_8));
            fixture.send(TaskResult.of(TestData.task("unfit"), "default", TaskState.SUCCESS)
                    .worker("x".repeat(256))
                    .build());
            fixture.producer.send(new ProducerRecord<>(fixture.topics.results(), "gone".getBytes(UTF_8), null));
            fixture.send(result("last", TaskState.SUCCESS, 1));
            fixture.producer.flush();

            try (var program = fixture.start()) {
                await().atMost(SOON).until(() -> rows(fixture) == 101 && offsets(fixture) == 104);

                Map<String, DeadLetter.Reason> reasons = new HashMap<>();
                fixture.deadLetters()
                        .forEach(letter -> reasons.put(
                                new String(letter.key(), UTF_8),
                                DeadLetter.from(letter.headers()).reason()));
                assertThat(reasons)
                        .isEqualTo(Map.of("torn", DeadLetter.Reason.UNREADABLE, "unfit", DeadLetter.Reason.REFUSED));
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    @Test
    void showsAcceptedTasksBeforeTheyRunAlsoThoseOfANewQueue() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var program = fixture.start()) {
            var topic = fixture.topics.tasks("new-queue");
            fixture.settings.provision(fixture.admin, List.of("new-queue"));
            fixture.send(topic, "k", TaskJson.bytes(TestData.task("mine")));
            fixture.send(topic, "k", "not a task".getBytes(UTF_8));
            fixture.send(
                    topic,
                    "k",
                    TaskJson.bytes(
                            Task.named("quiet").id("quiet").ignoreResult(true).build()));
            fixture.send(topic, "k", "{\"task\":\"typed\"}".getBytes(UTF_8));

            await().atMost(SOON).until(() -> rows(fixture) == 2);

            var mine = fixture.repository.find("mine").orElseThrow();
            assertThat(mine.state()).isEqualTo(TaskState.PENDING);
            assertThat(mine.revision()).isZero();
            assertThat(mine.queue()).isEqualTo("new-queue");
            var typed = TaskIds.ofRecord(
                    topic, Optional.ofNullable(mine.partition()).orElseThrow(), 3);
            assertThat(fixture.repository.find(typed)).isPresent();
            assertThat(program.isActive()).isTrue();
        }
    }

    /** Two programs that run all the while, and one of them idle: nobody has to be stopped to fill the tables again. */
    @Test
    void fillsEmptiedTablesAgainFromBothTopicsWithoutARestart() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var first = fixture.start();
                var second = fixture.start()) {
            for (var number = 0; number < 300; number++) {
                fixture.send(result("done-" + number, TaskState.SUCCESS, 1));
            }
            fixture.send(
                    fixture.topics.tasks("default"),
                    "k",
                    TaskJson.bytes(Task.of("waits").toBuilder().id("waits").build()));
            await().atMost(SOON).until(() -> rows(fixture) == 301);
            assertThat(counted(fixture)).isEqualTo(300);
            assertThat(submitted(fixture)).isEqualTo(301);

            new ResultRebuild(
                            fixture.repository,
                            new MaterializedResultRepository(fixture.pool, TestData.tables(fixture.pool)))
                    .run();

            await().atMost(SOON).until(() -> rows(fixture) == 301);
            assertThat(counted(fixture)).isEqualTo(300);
            assertThat(submitted(fixture)).isEqualTo(301);
            assertThat(fixture.repository.find("waits").orElseThrow().state()).isEqualTo(TaskState.PENDING);
            assertThat(first.isActive() && second.isActive()).isTrue();
        }
    }

    private static long counted(MaterializerFixture fixture) {
        var minutes = sum(fixture, "task_count WHERE state <> 'PENDING'");
        assertThat(sum(fixture, "task_count_hour WHERE state <> 'PENDING'")).isEqualTo(minutes);
        return minutes;
    }

    private static long submitted(MaterializerFixture fixture) {
        var minutes = sum(fixture, "task_count WHERE state = 'PENDING'");
        assertThat(sum(fixture, "task_count_hour WHERE state = 'PENDING'")).isEqualTo(minutes);
        return minutes;
    }

    private static long sum(MaterializerFixture fixture, String counters) {
        return JdbcClient.create(fixture.pool)
                .sql("SELECT COALESCE(SUM(tasks), 0) FROM " + counters)
                .query(Long.class)
                .single();
    }

    /** What was forgotten is not to be seen as waiting for ever, only because its task is still on the topic. */
    @Test
    void aTaskThatIsOlderThanResultsMayBecomeIsNotTakenForOneThatWaits() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            var topic = fixture.topics.tasks("default");
            var longAgo = System.currentTimeMillis()
                    - Duration.ofDays(6).plusHours(25).toMillis();
            fixture.producer.send(new ProducerRecord<>(
                    topic,
                    null,
                    longAgo,
                    null,
                    TaskJson.bytes(Task.of("a").toBuilder().id("forgotten").build())));
            fixture.producer.send(new ProducerRecord<>(
                    topic,
                    null,
                    longAgo,
                    null,
                    TaskJson.bytes(Task.of("a").toBuilder()
                            .id("asleep")
                            .eta(java.time.Instant.now().plusSeconds(900))
                            .build())));
            fixture.send(
                    topic,
                    "k",
                    TaskJson.bytes(Task.of("a").toBuilder().id("fresh").build()));
            try (var program = fixture.start()) {
                await().atMost(SOON).until(() -> rows(fixture) == 2);
                assertThat(fixture.repository.find("forgotten")).isEmpty();
                assertThat(program.isActive()).isTrue();
            }
        }
    }

    /** By a rule of this program, whatever the worker published; and nothing of an argument that nobody here knows of. */
    @Test
    void writesNoSecret() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase());
                var program = fixture.start(
                        KnowingProgram.class,
                        "celeriac.redaction.rules[0].task=login*",
                        "celeriac.redaction.rules[0].args=1",
                        "celeriac.redaction.rules[0].result=true")) {
            var topic = fixture.topics.tasks("default");
            fixture.send(TaskResult.of(login("login.old", "done"), "default", TaskState.FAILURE)
                    .result(TaskJson.tree("hunter2"))
                    .attempt(1)
                    .error(new TaskError("X", "no hunter2", "at hunter2"))
                    .build());
            fixture.send(topic, "k", TaskJson.bytes(login("unknown", "unknown")));
            fixture.send(topic, "k", TaskJson.bytes(login("login.known", "by-rule")));
            fixture.send(topic, "k", TaskJson.bytes(login("named", "by-handler")));
            fixture.send(topic, "k", TaskJson.bytes(login("open", "open")));
            var flagged = new ProducerRecord<>(topic, "k".getBytes(UTF_8), TaskJson.bytes(login("open", "flagged")));
            flagged.headers().add(DeadLetter.SECRET, "true".getBytes(UTF_8));
            fixture.producer.send(flagged);
            fixture.send(fixture.topics.results(), "torn", "{\"task\":\"login\",\"eta\":\"hunter2\"".getBytes(UTF_8));

            await().atMost(SOON).until(() -> rows(fixture) == 6);
            await().atMost(SOON).until(() -> !fixture.deadLetters().isEmpty());

            assertThat(args(fixture, "done")).isEqualTo("[\"ann\", \"[secret]\"]");
            assertThat(args(fixture, "unknown")).isEqualTo("[]");
            assertThat(args(fixture, "by-rule")).isEqualTo("[\"ann\", \"[secret]\"]");
            assertThat(args(fixture, "by-handler")).isEqualTo("[\"[secret]\", \"[secret]\"]");
            assertThat(args(fixture, "open")).isEqualTo("[\"ann\", \"hunter2\"]");
            assertThat(args(fixture, "flagged")).isEqualTo("[\"[secret]\", \"[secret]\"]");
            var done = fixture.repository.find("done").orElseThrow();
            assertThat(done.result()).hasToString("\"[secret]\"");
            assertThat(done.error()).isEqualTo(new TaskError("X", "no [secret]", "at [secret]"));
            assertThat(count(
                            fixture,
                            "SELECT COUNT(*) FROM task_attempt WHERE CONCAT_WS(' ', error_message, error_stack_trace)"
                                    + " LIKE '%[secret]%'"))
                    .isEqualTo(1);
            var letter = DeadLetter.from(fixture.deadLetters().get(0).headers());
            assertThat(letter.secret()).isTrue();
            assertThat(letter.message()).doesNotContain("hunter2");
            assertThat(program.isActive()).isTrue();
        }
    }

    private static Task login(String name, String id) {
        return Task.named(name).id(id).args("ann", "hunter2").build();
    }

    private static String args(MaterializerFixture fixture, String id) {
        return fixture.repository.find(id).orElseThrow().args().toString();
    }

    @Test
    void doesNotStartWithARuleThatMakesNothingSecret() {
        try (var fixture = new MaterializerFixture(TestStack.createDatabase())) {
            assertThatThrownBy(() ->
                            fixture.start(MaterializerFixture.Program.class, "celeriac.redaction.rules[0].task=login"))
                    .rootCause()
                    .hasMessageContaining("celeriac.redaction.rules[0] makes nothing secret");
            assertThatThrownBy(() -> fixture.start(
                            MaterializerFixture.Program.class,
                            "celeriac.redaction.rules[0].task=login",
                            "celeriac.redaction.rules[0].result=true",
                            "celeriac.redaction.rules[0].argument=password"))
                    .rootCause()
                    .hasMessageContaining("celeriac.redaction.rules[0].argument");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(MaterializerConfiguration.class)
    static class KnowingProgram {

        /** Handlers for all but one. */
        @Bean
        HandlerRedactions knownTasks() {
            return task -> task.equals("unknown")
                    ? Optional.empty()
                    : Optional.of(task.equals("named") ? Redaction.ARGUMENTS : Redaction.NONE);
        }
    }

    private static int rows(MaterializerFixture fixture) {
        return count(fixture, "SELECT COUNT(*) FROM task_result");
    }

    private static int offsets(MaterializerFixture fixture) {
        return count(fixture, "SELECT COALESCE(SUM(next_offset), 0) FROM materialized_offset");
    }

    private static int count(MaterializerFixture fixture, String sql) {
        return JdbcClient.create(fixture.pool).sql(sql).query(Integer.class).single();
    }
}
