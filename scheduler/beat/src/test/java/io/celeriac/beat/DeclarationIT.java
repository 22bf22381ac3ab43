package io.celeriac.beat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.KafkaCluster;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an application declares on the control topic becomes a schedule that fires, with the real programs around it. */
class DeclarationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String namespace = TestStack.uniqueName("declared");
    private final List<ConfigurableApplicationContext> programs = new ArrayList<>();

    @AfterEach
    void stop() {
        programs.forEach(ConfigurableApplicationContext::close);
    }

    @Test
    void firesWhatIsDeclaredOnATopicThatComesLater() {
        var kafka = TestStack.kafka().bootstrapServers();
        var schedules = start(kafka, TestStack.createDatabase()).getBean(Schedules.class);
        createTopics(kafka);

        var crontab = TaskJson.MAPPER
                .createObjectNode()
                .put("name", "b")
                .put("task", "demo.noop")
                .put("kind", "crontab")
                .put("expression", "* * * * * *");
        declare(kafka, every("PT0.1S"), new Declared(RegisterPolicy.UPDATE, crontab));

        try (var log = new TaskLog(kafka, namespace + ".tasks.default")) {
            await().atMost(PATIENCE)
                    .until(() -> log.of("a").size() >= 3 && log.of("b").size() >= 2);
            assertThat(log.of("a").get(0).task().task()).isEqualTo("demo.noop");
        }
        assertThat(schedules.find("a").orElseThrow().created().by()).isEqualTo("code:shop");
    }

    @Test
    void passesOverWhatIsNoDeclarationAndTakesUpWhatWasDeclaredWhileNoneRan() {
        var kafka = TestStack.kafka().bootstrapServers();
        createTopics(kafka);
        send(kafka, "x", TaskJson.bytes(Command.revoke("x", true, Instant.EPOCH)));
        send(kafka, "y", "no JSON".getBytes(UTF_8));
        send(kafka, "y", null);
        send(kafka, "z", "{\"command\":\"declare-schedules\"}".getBytes(UTF_8));
        send(kafka, "z", "{\"command\":1e99999999999}".getBytes(UTF_8));
        send(
                kafka,
                "z",
                "{\"command\":\"declare-schedules\",\"source\":\"z\",\"schedules\":[{\"name\":\"z\",\"every\":1e99999999999}]}"
                        .getBytes(UTF_8));
        declare(kafka, every("PT1H"));

        var schedules = start(kafka, TestStack.createDatabase()).getBean(Schedules.class);

        await().atMost(PATIENCE).until(() -> schedules.find("a").isPresent());
    }

    /** What the database refuses, it refuses for ever: whoever waits for it reads nothing more. */
    @Test
    void passesOverWhatTheDatabaseRefuses() {
        var kafka = TestStack.kafka().bootstrapServers();
        createTopics(kafka);
        var program = start(kafka, TestStack.createDatabase());
        program.getBean(JdbcClient.class)
                .sql("ALTER TABLE schedule_declared ADD CONSTRAINT no_toys CHECK (source <> 'toys')")
                .update();
        var toys = new ScheduleDeclaration("toys", false, List.of(every("PT2H")));
        send(kafka, toys.key(), toys.bytes());
        declare(kafka, every("PT1H"));

        awaitEvery(program.getBean(Schedules.class), "every hour");
    }

    @Test
    void leavesWhatAPersonHasChanged() {
        var kafka = TestStack.kafka().bootstrapServers();
        createTopics(kafka);
        var program = start(kafka, TestStack.createDatabase());
        var schedules = program.getBean(Schedules.class);
        declare(kafka, every("PT1H"));
        await().atMost(PATIENCE).until(() -> schedules.find("a").isPresent());
        var changed =
                Schedule.named("a").task("demo.noop").every(Duration.ofHours(3)).build();
        schedules.replace(changed, null, "ada");

        declare(kafka, every("PT2H"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(program.getBean(JdbcClient.class)
                                .sql("SELECT remark FROM schedule_declared")
                                .query(String.class)
                                .list())
                        .containsExactly("a person has changed it"));
        assertThat(schedules.find("a").map(StoredSchedule::schedule)).contains(changed);
    }

    /** Both read all: each declaration must be applied once and in order, whoever comes first. */
    @Test
    void appliesEachDeclarationOnceWhenTwoRun() {
        var kafka = TestStack.kafka().bootstrapServers();
        createTopics(kafka);
        var database = TestStack.createDatabase();
        var schedules = start(kafka, database).getBean(Schedules.class);
        start(kafka, database);

        IntStream.rangeClosed(1, 40).forEach(hours -> declare(kafka, every("PT" + hours + "H")));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(schedules.find("a").orElseThrow())
                        .satisfies(a -> assertThat(a.schedule().timing().rule().description())
                                .isEqualTo("every 1 day 16 hours"))
                        .satisfies(a -> assertThat(a.version()).isEqualTo(40)));
    }

    @Test
    void goesOnWhenTheDatabaseIsBack() {
        var kafka = TestStack.kafka().bootstrapServers();
        createTopics(kafka);
        try (var server = DatabaseServer.launch()) {
            var schedules = start(kafka, server.createDatabase()).getBean(Schedules.class);
            declare(kafka, every("PT1H"));
            await().atMost(PATIENCE).until(() -> schedules.find("a").isPresent());

            server.kill();
            declare(kafka, every("PT2H"));
            server.start();

            awaitEvery(schedules, "every 2 hours");
            stop();
            programs.clear();
        }
    }

    @Test
    void goesOnWhenTheBrokerIsBack() {
        try (var cluster = KafkaCluster.start(1)) {
            var kafka = cluster.bootstrapServers();
            createTopics(kafka);
            var schedules = start(kafka, TestStack.createDatabase()).getBean(Schedules.class);
            declare(kafka, every("PT1H"));
            await().atMost(PATIENCE).until(() -> schedules.find("a").isPresent());

            cluster.kill(1);
            cluster.restart(1);
            declare(kafka, every("PT2H"));

            awaitEvery(schedules, "every 2 hours");
            stop();
            programs.clear();
        }
    }

    private static void awaitEvery(Schedules schedules, String words) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(schedules
                                .find("a")
                                .orElseThrow()
                                .schedule()
                                .timing()
                                .rule()
                                .description())
                        .isEqualTo(words));
    }

    private ConfigurableApplicationContext start(String kafka, TestDatabase database) {
        var program = Programs.start(kafka, database, namespace);
        programs.add(program);
        return program;
    }

    private void createTopics(String kafka) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            new TopicProperties(namespace, null, null).provision(admin, List.of("default"));
        }
    }

    private static Declared every(String duration) {
        var schedule = TaskJson.MAPPER
                .createObjectNode()
                .put("name", "a")
                .put("task", "demo.noop")
                .put("kind", "interval")
                .put("every", duration);
        return new Declared(RegisterPolicy.UPDATE, schedule);
    }

    private void declare(String kafka, Declared... schedules) {
        var declaration = new ScheduleDeclaration("shop", false, Arrays.asList(schedules));
        send(kafka, declaration.key(), declaration.bytes());
    }

    private void send(String kafka, String key, byte[] value) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(namespace + ".control", key.getBytes(UTF_8), value))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
