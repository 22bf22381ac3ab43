package io.celeriac.beat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.beat.TaskLog.Emitted;
import io.celeriac.beat.loop.Loops;
import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The scheduler as a program, on a real broker and database. */
class BeatIT {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestDatabase database = TestStack.createDatabase();
    private final String namespace = TestStack.uniqueName("beat");
    private final TaskLog log = new TaskLog(TestStack.kafka().bootstrapServers(), namespace + ".tasks.default");
    private final List<ConfigurableApplicationContext> programs = new ArrayList<>();

    @AfterEach
    void stop() {
        programs.forEach(ConfigurableApplicationContext::close);
        log.close();
    }

    @Test
    void firesWithinASecondWhatIsCreatedWhileItRuns() {
        var schedules = warm(start()).getBean(Schedules.class);

        var created = create(schedules, "a", Duration.ofMillis(100));
        await().atMost(Duration.ofSeconds(10)).until(() -> log.of("a").size() >= 3);

        var first = log.of("a").get(0);
        assertThat(Duration.ofMillis(first.timestamp() - created.created().at().toEpochMilli()))
                .isLessThan(SECOND);
        assertThat(first.task().id())
                .isEqualTo(
                        TaskIds.ofFiring(created.id(), first.task().schedule().fireTime()));
    }

    @Test
    void firesWithinASecondWhatIsWrittenBySql() {
        var jdbc = warm(start()).getBean(JdbcClient.class);

        var written = Instant.now();
        jdbc.sql(
                        "INSERT INTO schedule (name, task, kind, spec) VALUES ('sql', 'demo.noop', 'interval', '{\"every\":\"PT0.1S\"}')")
                .update();
        await().atMost(Duration.ofSeconds(10)).until(() -> !log.of("sql").isEmpty());

        assertThat(log.of("sql").get(0).timestamp())
                .isLessThan(written.plus(SECOND).toEpochMilli());
    }

    @Test
    void asksForATokenExceptForItsHealth() throws Exception {
        var url = "http://127.0.0.1:" + start().getEnvironment().getRequiredProperty("local.server.port");

        assertThat(status(url + "/actuator/prometheus")).isEqualTo(401);
        assertThat(status(url + "/actuator/health/liveness")).isEqualTo(200);
        assertThat(status(url + "/v3/api-docs")).isEqualTo(401);
    }

    private static int status(String url) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void takesUpAChangeWithinASecond() {
        var program = warm(start());
        var schedules = program.getBean(Schedules.class);
        create(schedules, "a", Duration.ofHours(1));

        var changed = Instant.now();
        schedules.replace(schedule("a", Duration.ofMillis(50)), null, null);
        await().atMost(Duration.ofSeconds(10)).until(() -> !log.of("a").isEmpty());
        assertThat(log.of("a").get(0).timestamp())
                .isLessThan(changed.plus(SECOND).toEpochMilli());

        program.getBean(JdbcClient.class)
                .sql("UPDATE schedule SET enabled = FALSE")
                .update();
        var disabled = Instant.now();
        var last = new Instant[] {disabled};
        await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(5)).until(() -> {
            log.of("a").forEach(emitted -> last[0] = Instant.ofEpochMilli(emitted.timestamp()));
            return true;
        });
        assertThat(last[0]).isBefore(disabled.plus(SECOND));
    }

    /** Any number of schedulers may run: no firing may be emitted twice, none may be missing. */
    @Test
    void emitsEachRunOnceWhenTwoRun() {
        var schedules = start().getBean(Schedules.class);
        var other = start();
        var registries = programs.stream()
                .map(program -> program.getBean(MeterRegistry.class))
                .toList();
        IntStream.range(0, 40).forEach(i -> schedules.create(catchingUp("s" + i, Duration.ofMillis(100)), null));

        await().atMost(Duration.ofSeconds(20)).until(() -> log.read().size() > 2_000);
        programs.remove(other);
        other.close();
        var sofar = log.read().size();
        await().atMost(Duration.ofSeconds(20)).until(() -> log.read().size() > sofar + 1_000);
        programs.forEach(ConfigurableApplicationContext::close);
        var all = log.read();

        assertThat(all).extracting(emitted -> emitted.task().id()).doesNotHaveDuplicates();
        IntStream.range(0, 40)
                .forEach(i -> assertThat(gaps(log.of("s" + i), Duration.ofMillis(100)))
                        .isEmpty());
        assertThat(registries).allMatch(registry -> counted(registry) > 0);
        assertThat(registries.stream().mapToDouble(BeatIT::counted).sum()).isGreaterThanOrEqualTo(all.size());
    }

    private static double counted(MeterRegistry registry) {
        return registry.get("celeriac.beat.firings").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void skipsATaskThatNoBrokerTakesAndGoesOn() {
        var schedules = start("--spring.kafka.producer.properties.max.request.size=30000")
                .getBean(Schedules.class);
        schedules.create(
                Schedule.named("huge")
                        .task("demo.noop", "x".repeat(10_000))
                        .every(Duration.ofMillis(200))
                        .build(),
                null);
        create(schedules, "a", Duration.ofMillis(200));

        await().atMost(Duration.ofSeconds(10)).until(() -> log.of("a").size() >= 3);

        assertThat(log.of("huge")).isEmpty();
        assertThat(schedules.firings("huge", 1, null).orElseThrow().items())
                .allSatisfy(
                        firing -> assertThat(firing.reason()).contains("4400").contains("max.request.size"));
    }

    /** A queue whose topic contradicts the settings takes no task: its schedules stay due, and all others fire in time. */
    @Test
    void firesOthersInTimeWhenAQueueTakesNoTasks() throws Exception {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(namespace + ".tasks.odd", 3, (short) 1)))
                    .all()
                    .get();
        }
        var schedules = warm(start("--celeriac.partitions=2")).getBean(Schedules.class);
        var task = new TaskTemplate("demo.noop", List.of(), Map.of(), "odd", null, Map.of());
        schedules.create(
                Schedule.named("odd").task(task).every(Duration.ofMillis(100)).build(), null);
        create(schedules, "a", Duration.ofMillis(100));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> schedules.firings("a", 200, null).orElseThrow().items().stream()
                                .filter(firing -> firing.kind() == FiringKind.TIMED)
                                .count()
                        >= 30);
        assertThat(schedules
                        .firings("odd", 10, null)
                        .orElseThrow()
                        .items()) // what its next firing stands for, told once
                .hasSizeLessThanOrEqualTo(1)
                .noneMatch(ScheduleFiring::isEmitted);
        assertThat(schedules.find("odd").orElseThrow().progress().totalFires()).isZero();
    }

    /** Its worker may start later. So a queue that is mistyped gets a topic too, and its tasks are kept there. */
    @Test
    void makesTheTopicOfAQueueThatHasNoneWithItsFirstTask() {
        var schedules = warm(start()).getBean(Schedules.class);
        var task = new TaskTemplate("demo.noop", List.of(), Map.of(), "mistyped", null, Map.of());
        schedules.create(
                Schedule.named("typo").task(task).every(Duration.ofMillis(100)).build(), null);
        create(schedules, "a", Duration.ofMillis(100));

        try (var mistyped = new TaskLog(TestStack.kafka().bootstrapServers(), namespace + ".tasks.mistyped")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> schedules.find("typo").orElseThrow().progress().totalFires() >= 2);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> mistyped.of("typo").size() >= 2);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> !log.of("a").isEmpty());
    }

    /** The rows that it holds are locked until the database gives its connection up, by the time that each asks for. */
    @Test
    void takesOverTheRowsOfAMachineThatVanished() throws SQLException {
        var program = warm(start());
        assertThat(program.getBean(JdbcClient.class)
                        .sql("SELECT @@SESSION.wait_timeout")
                        .query(Integer.class)
                        .single())
                .isEqualTo(60);
        assertThat(program.getBean(HikariDataSource.class).getDataSourceProperties())
                .as("a network that swallows everything holds up no thread for ever")
                .containsKeys("connectTimeout", "socketTimeout");
        create(program.getBean(Schedules.class), "a", Duration.ofMillis(500));
        try (var vanished = DriverManager.getConnection(
                database.jdbcUrl() + "&sessionVariables=wait_timeout=2", database.username(), database.password())) {
            vanished.setAutoCommit(false);
            try (var statement = vanished.createStatement()) {
                statement.execute("SELECT id FROM schedule WHERE name = 'a' FOR UPDATE");
            }
            var locked = Instant.now().toEpochMilli();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> log.of("a").stream().anyMatch(emitted -> emitted.timestamp() > locked + 1_500));

            assertThat(log.of("a"))
                    .noneMatch(emitted -> emitted.timestamp() > locked + 500 && emitted.timestamp() < locked + 1_500);
            vanished.abort(Runnable::run); // the server has closed it already
        }
    }

    /** All schedulers share the table, so one whose clock is ahead would fire early for all. */
    @Test
    void firesNothingWhileItsClockIsAheadOfTheDatabases() {
        var ahead = new AtomicReference<>(Duration.ofMinutes(5));
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        var program = Programs.run(
                BeatApplication.application()
                        .initializers(context -> ((GenericApplicationContext) context)
                                .registerBean("clock", InstantSource.class, () -> clock)),
                TestStack.kafka().bootstrapServers(),
                database,
                namespace);
        programs.add(program);
        program.getBean(JdbcClient.class)
                .sql("INSERT INTO schedule (name, task, kind, spec)"
                        + " VALUES ('a', 'demo.noop', 'interval', '{\"every\":\"PT0.1S\"}')")
                .update();
        var health = program.getBean("beatHealthIndicator", HealthIndicator.class);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> health.health().getStatus().equals(Status.DOWN));
        assertThat(health.health().getDetails()).containsKey("clockAheadOfDatabase");

        ahead.set(Duration.ZERO);
        await().atMost(Duration.ofSeconds(10)).until(() -> log.of("a").size() >= 3);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(log.of("a"))
                .allSatisfy(emitted -> assertThat(emitted.task().schedule().fireTime())
                        .isBeforeOrEqualTo(Instant.ofEpochMilli(emitted.timestamp() + 1)));
    }

    @Test
    void isDownWhenAThreadCannotGoOnAndSaysWhy() {
        var program = start();
        var health = program.getBean("beatHealthIndicator", HealthIndicator.class);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> health.health().getStatus().equals(Status.UP));
        var loop = program.getBean(Loops.class).of("broken", () -> {
            throw new IllegalStateException("nothing works at celeriac.control-0/17");
        });
        loop.start();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> health.health().getStatus().equals(Status.DOWN));
        assertThat(health.health().getDetails().get("broken"))
                .asString()
                .contains("nothing works at celeriac.control-0/17");
        loop.stop();
    }

    @Test
    void namesTheSettingThatIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BeatApplication.application().run("--server.port=0"))
                .withMessageContaining("SPRING_DATASOURCE_URL");
    }

    private ConfigurableApplicationContext start(String... more) {
        var program = Programs.start(TestStack.kafka().bootstrapServers(), database, namespace, more);
        programs.add(program);
        return program;
    }

    /** So that what is measured is a running scheduler, not a class loader. */
    private ConfigurableApplicationContext warm(ConfigurableApplicationContext program) {
        var schedules = program.getBean(Schedules.class);
        create(schedules, "warm", Duration.ofMillis(50));
        await().atMost(Duration.ofSeconds(20)).until(() -> log.of("warm").size() > 20);
        schedules.delete("warm", null);
        return program;
    }

    /** One that never skips a firing, however slow the machine. */
    private static Schedule catchingUp(String name, Duration every) {
        return schedule(name, every).toBuilder()
                .catchUp(new CatchUp(CatchUpPolicy.ALL, Duration.ofHours(1)))
                .build();
    }

    private static StoredSchedule create(Schedules schedules, String name, Duration every) {
        return ((Saved) schedules.create(schedule(name, every), null)).schedule();
    }

    private static Schedule schedule(String name, Duration every) {
        return Schedule.named(name).task("demo.noop").every(every).build();
    }

    /** Firings that are missing between the first and the last. */
    private static List<Instant> gaps(List<Emitted> emitted, Duration every) {
        var times = emitted.stream()
                .map(Emitted::task)
                .map(Task::schedule)
                .map(firing -> firing.fireTime())
                .sorted()
                .toList();
        return IntStream.range(1, times.size())
                .mapToObj(i -> times.get(i - 1).plus(every))
                .filter(expected -> !times.contains(expected))
                .toList();
    }
}
