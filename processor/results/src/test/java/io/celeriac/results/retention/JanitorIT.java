package io.celeriac.results.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.ResultsProperties.Retention;
import io.celeriac.results.ResultsProperties.Rule;
import io.celeriac.results.TestData;
import io.celeriac.results.count.CountChanges;
import io.celeriac.results.count.EndedTask;
import io.celeriac.results.depth.DepthRepository;
import io.celeriac.results.depth.DepthSample;
import io.celeriac.results.loop.LoopWatch;
import io.celeriac.results.table.ResultTables;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class JanitorIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static HikariDataSource pool;
    private static RetentionRepository repository;
    private static JdbcClient jdbc;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LoopWatch loops = new LoopWatch(meters);
    private final MutableClock clock = MutableClock.at(NOON);

    @BeforeAll
    static void migrate() {
        var database = TestStack.createDatabase();
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        repository =
                new RetentionRepository(pool, ResultTables.migrate(pool, database.jdbcUrl(), Duration.ofSeconds(30)));
        jdbc = JdbcClient.create(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("DELETE FROM task_result").update();
        jdbc.sql("DELETE FROM task_attempt").update();
        jdbc.sql("DELETE FROM task_label").update();
        jdbc.sql("DELETE FROM task_count").update();
        jdbc.sql("DELETE FROM task_count_hour").update();
    }

    @Test
    void deletesWhatEndedLongAgoWithItsAttemptsAndLabels() {
        add("old", "a", TaskState.SUCCESS, NOON.minus(DAY.multipliedBy(9)), NOON.minus(DAY.multipliedBy(8)));
        add("ended-lately", "a", TaskState.SUCCESS, NOON.minus(DAY.multipliedBy(9)), NOON.minus(DAY));
        add("new", "b", TaskState.FAILURE, NOON.minus(DAY), NOON.minus(DAY));
        add("waits", "a", TaskState.PENDING, NOON.minus(DAY.multipliedBy(99)), null);

        janitor(null, 1000).look();

        assertThat(ids()).containsExactly("ended-lately", "new", "waits");
        assertThat(count("task_attempt")).isEqualTo(3);
        assertThat(count("task_label")).isEqualTo(3);

        clock.advance(DAY.multipliedBy(7));
        janitor(null, 1000).look();
        assertThat(ids()).containsExactly("waits");
    }

    @Test
    void deletesCountersThatAreOlderThanTheLongestKeptTasks() {
        var changes = new CountChanges();
        for (var days : List.of(6, 8, 20)) {
            var end = LocalDateTime.ofInstant(NOON, ZoneOffset.UTC).minusDays(days);
            var times = new EndedTask.Times(1, end, null, end, end);
            changes.add(EndedTask.of("q", "t", "FAILURE", times).because("java.io.IOException", null, times));
            new DepthRepository(pool, TestData.tables(pool))
                    .write(end.toInstant(ZoneOffset.UTC), Map.of("q", new DepthSample(1L, 1L, 1L, null)));
        }
        changes.minutes(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.MINUTES, row));
        changes.hours(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.HOURS, row));
        changes.failureMinutes(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.FAILURE_MINUTES, row));
        changes.failureHours(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.FAILURE_HOURS, row));

        janitor(null, 1).look();
        for (var table :
                List.of("task_count", "task_count_hour", "failure_count", "failure_count_hour", "queue_depth")) {
            assertThat(count(table)).as(table).isEqualTo(1);
        }

        clock.advance(DAY.multipliedBy(99));
        janitor(null, 1, new Rule("audit", null, null, null)).look();
        assertThat(count("task_count")).isEqualTo(1); // some tasks are kept for ever
    }

    @Test
    void keepsTheMinutesOfAnHourAsLongAsTheHour() {
        var changes = new CountChanges();
        var kept = LocalDateTime.ofInstant(NOON, ZoneOffset.UTC).minusDays(7);
        for (var minute : List.of(-61, -1, 0, 20)) {
            var end = kept.truncatedTo(ChronoUnit.HOURS).plusMinutes(minute);
            changes.add(EndedTask.of("q", "t", "SUCCESS", new EndedTask.Times(1, end, null, end, end)));
        }
        changes.minutes(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.MINUTES, row));
        changes.hours(0).forEach(row -> new JdbcTemplate(pool).update(CountChanges.HOURS, row));
        clock.advance(Duration.ofMinutes(30));

        janitor(null, 1000).look();

        assertThat(count("task_count")).isEqualTo(2);
        assertThat(jdbc.sql("SELECT tasks FROM task_count_hour")
                        .query(Long.class)
                        .list())
                .containsExactly(2L);
    }

    @Test
    void keepsOnlyTheLatestOfEachNameAndState() {
        for (var number = 0; number < 25; number++) {
            add("a-" + (10 + number), "a", TaskState.SUCCESS, NOON.plusSeconds(number), NOON.plusSeconds(number));
        }
        add("b", "b", TaskState.SUCCESS, NOON, NOON);
        add("failed", "a", TaskState.FAILURE, NOON, NOON);

        janitor(3L, 7).look();

        assertThat(ids()).containsExactly("a-32", "a-33", "a-34", "b", "failed");
    }

    @Test
    void aRuleMayTakeAwayWhatNeverEnds() {
        add("stuck", "a", TaskState.PENDING, NOON.minus(DAY.multipliedBy(3)), null);
        add("waits", "a", TaskState.PENDING, NOON.minus(DAY), null);

        janitor(null, 1000, new Rule("a", TaskState.PENDING, DAY.multipliedBy(2), null))
                .look();

        assertThat(ids()).containsExactly("waits");
    }

    /** Whoever holds a row is not waited for, and its row is deleted another time. */
    @Test
    void passesOverWhatOthersHold() throws InterruptedException {
        for (var number = 0; number < 10; number++) {
            add(
                    "old-" + number,
                    "a",
                    TaskState.SUCCESS,
                    NOON.minus(DAY.multipliedBy(9)),
                    NOON.minus(DAY.multipliedBy(8)));
        }
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var other = Executors.newSingleThreadExecutor();
        try {
            other.execute(() -> new TransactionTemplate(new JdbcTransactionManager(pool))
                    .executeWithoutResult(status -> {
                        jdbc.sql("SELECT id FROM task_result WHERE id = 'old-4' FOR UPDATE")
                                .query(String.class)
                                .single();
                        held.countDown();
                        awaitQuietly(release);
                    }));
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();

            janitor(null, 3).look();
            assertThat(ids()).containsExactly("old-4");
        } finally {
            release.countDown();
            other.shutdown();
        }
        assertThat(other.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        janitor(null, 3).look();
        assertThat(ids()).isEmpty();
    }

    /** Somebody's own table points at a task, so the server does not let it go: the others go all the same, also those behind it. */
    @Test
    void aTaskThatCannotBeDeletedKeepsNoOther() {
        for (var number = 0; number < 10; number++) {
            add(
                    "old-" + number,
                    "a",
                    TaskState.SUCCESS,
                    NOON.minus(DAY.multipliedBy(9)),
                    NOON.minus(DAY.multipliedBy(8)));
        }
        add("unknown", "a", TaskState.SUCCESS, NOON.minus(DAY.multipliedBy(9)), NOON.minus(DAY.multipliedBy(8)));
        jdbc.sql("UPDATE task_result SET state = 'OF_TOMORROW' WHERE id = 'unknown'")
                .update();
        jdbc.sql("CREATE TABLE invoice (task_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,"
                        + " FOREIGN KEY (task_id) REFERENCES task_result (id))")
                .update();
        try {
            jdbc.sql("INSERT INTO invoice VALUES ('old-4')").update();

            janitor(null, 3).look();

            assertThat(ids()).containsExactly("old-4", "unknown");
            assertThat(count("task_attempt")).isEqualTo(2);
            assertThat(meters.counter("celeriac.results.refused", "loop", "retention", "reason", "held")
                            .count())
                    .isPositive();
            assertThat(loops.down()).isEmpty();
        } finally {
            jdbc.sql("DROP TABLE invoice").update();
        }
    }

    @Test
    void saysSoWhenItCannotGoOnAndGoesOnByItself() {
        add("old", "a", TaskState.SUCCESS, NOON.minus(DAY.multipliedBy(9)), NOON.minus(DAY.multipliedBy(8)));
        jdbc.sql("RENAME TABLE task_label TO elsewhere").update();
        try {
            for (var look = 0; look < 3; look++) {
                assertThat(loops.down()).isEmpty();
                janitor(null, 3).look();
            }
            assertThat(loops.down().get("retention")).contains("a in state SUCCESS");
        } finally {
            jdbc.sql("RENAME TABLE elsewhere TO task_label").update();
        }
        janitor(null, 3).look();
        assertThat(loops.down()).isEmpty();
        assertThat(ids()).isEmpty();
    }

    @Test
    void severalWorkAtOnce() {
        for (var number = 0; number < 400; number++) {
            add(
                    "old-" + number,
                    "a",
                    TaskState.SUCCESS,
                    NOON.minus(DAY.multipliedBy(9)),
                    NOON.minus(DAY.multipliedBy(8)));
        }
        try (var one = janitor(null, 10);
                var two = janitor(null, 10)) {
            one.start(Duration.ofMillis(100));
            two.start(Duration.ofMillis(100));
            await().atMost(Duration.ofSeconds(30)).until(() -> ids().isEmpty());
        }
        assertThat(count("task_attempt")).isZero();
        assertThat(count("task_label")).isZero();
    }

    @Test
    void theResultsTopicKeepsItsRecordsAsLong() throws Exception {
        var bootstrap = java.util.Map.<String, Object>of(
                "bootstrap.servers", TestStack.kafka().bootstrapServers());
        var topic = TestStack.uniqueName("kept");
        var retention = new ResultsTopicRetention(() -> Admin.create(bootstrap), topic, DAY.multipliedBy(3));
        try (var admin = Admin.create(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();

            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                retention.ensure(); // as at each look, since a broker may not know a new topic for a moment
                assertThat(admin.describeConfigs(List.of(resource))
                                .all()
                                .get()
                                .get(resource)
                                .get("retention.ms")
                                .value())
                        .isEqualTo("259200000");
            });
        }
    }

    private Janitor janitor(@Nullable Long maxRows, int batchSize, Rule... rules) {
        var settings = new Retention(true, DAY.multipliedBy(7), maxRows, List.of(rules), true, DAY, batchSize);
        return new Janitor(new RetentionPolicy(settings), repository, clock, batchSize, loops.loop("retention"));
    }

    private static void add(String id, String task, TaskState state, Instant submitted, @Nullable Instant finished) {
        jdbc.sql(
                        "INSERT INTO task_result (id, task, queue, state, attempt, revision, priority, submitted_at, finished_at)"
                                + " VALUES (:id, :task, 'default', :state, 1, 1, 5, :submitted, :finished)")
                .param("id", id)
                .param("task", task)
                .param("state", state.name())
                .param("submitted", utc(submitted))
                .param("finished", finished == null ? null : utc(finished))
                .update();
        jdbc.sql("INSERT INTO task_attempt (task_id, attempt, state, revision) VALUES (:id, 1, :state, 1)")
                .param("id", id)
                .param("state", state.name())
                .update();
        jdbc.sql(
                        "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (:id, 'tenant', 'acme', :submitted)")
                .param("id", id)
                .param("submitted", utc(submitted))
                .update();
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static List<String> ids() {
        return jdbc.sql("SELECT id FROM task_result ORDER BY id")
                .query(String.class)
                .list();
    }

    private static long count(String table) {
        return jdbc.sql("SELECT COUNT(*) FROM " + table).query(Long.class).single();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
