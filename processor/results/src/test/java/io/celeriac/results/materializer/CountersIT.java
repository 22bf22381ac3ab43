package io.celeriac.results.materializer;

import static io.celeriac.results.TestData.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.count.CountChanges;
import io.celeriac.results.count.FailedTasks;
import io.celeriac.results.count.FailureCountRepository;
import io.celeriac.results.count.FailureQuery;
import io.celeriac.results.table.ResultTables;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Whatever comes, however often and in whatever order: the counters are what the rows add up to. */
class CountersIT {

    private static final String ORIGIN = "com.acme.Mail.send(Mail.java:41)";

    private static HikariDataSource pool;
    private static ResultTables tables;
    private static MaterializedResultRepository repository;
    private static FailureCountRepository failureCounts;
    private static JdbcClient jdbc;

    @BeforeAll
    static void open() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        tables = TestData.tables(pool);
        repository = new MaterializedResultRepository(pool, tables);
        failureCounts = new FailureCountRepository(pool, tables);
        jdbc = JdbcClient.create(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @BeforeEach
    void empty() {
        repository.empty();
    }

    @Test
    void countsATaskInTheMinuteOfItsEndWithItsRunAndWaitTime() {
        write(result("a", TaskState.SUCCESS, 2, 0));

        assertThat(jdbc.sql("SELECT * FROM task_count WHERE tasks <> 0 AND state <> 'PENDING'")
                        .query()
                        .listOfRows())
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("minute", java.time.LocalDateTime.parse("2026-01-31T12:01:00"))
                        .containsEntry("queue", "default")
                        .containsEntry("task", "demo.add")
                        .containsEntry("state", "SUCCESS")
                        .containsEntry("tasks", 1L)
                        .containsEntry("run_ms", 70_000L)
                        .containsEntry("wait_ms", 4_000L));
    }

    @Test
    void doesNotCountATaskThatHasNotEnded() {
        write(result("a", TaskState.STARTED, 1, 0));
        write(result("b", TaskState.RETRY, 2, 0));

        assertThat(counted()).isEmpty();
    }

    @Test
    void countsARepeatedOrLateRecordOnce() {
        var ended = result("a", TaskState.FAILURE, 3, 0);
        write(result("a", TaskState.STARTED, 1, 0));
        write(ended);
        write(ended);
        write(result("a", TaskState.STARTED, 2, 0));
        write(ended, ended);

        assertThat(counted()).containsExactly(Map.entry("12:01 demo.add FAILURE", 1L));
    }

    @Test
    void countsAReplacedStateNoLonger() {
        write(result("a", TaskState.FAILURE, 3, 0));
        write(result("a", TaskState.SUCCESS, 4, 0));

        assertThat(counted()).containsExactly(Map.entry("12:01 demo.add SUCCESS", 1L));
    }

    @Test
    void aSecondRunOfAnIdTakesThePlaceOfTheFirst() {
        write(result("a", TaskState.SUCCESS, 3, 0));
        write(result("a", TaskState.STARTED, 1, 600));
        assertThat(counted()).isEmpty();

        write(result("a", TaskState.SUCCESS, 2, 600));
        write(result("a", TaskState.FAILURE, 9, 0)); // late, of the first run
        assertThat(counted()).containsExactly(Map.entry("12:11 demo.add SUCCESS", 1L));
    }

    @Test
    void countsASubmissionOnceWhetherItsTaskOrItsResultComesFirst() {
        pending(result("task-first", TaskState.PENDING, 0, 0));
        pending(result("task-first", TaskState.PENDING, 0, 0));
        write(result("task-first", TaskState.STARTED, 1, 0), result("result-first", TaskState.STARTED, 1, 0));
        write(result("task-first", TaskState.SUCCESS, 2, 0));
        write(result("result-first", TaskState.SUCCESS, 2, 0));
        pending(result("result-first", TaskState.PENDING, 0, 0), result("task-first", TaskState.PENDING, 0, 0));
        write(result("task-first", TaskState.STARTED, 1, 600)); // a second run of the id

        assertThat(submitted()).containsExactly(Map.entry("12:00 demo.add PENDING", 2L));
    }

    @Test
    void countsASubmissionOnceWhenItsTaskAndItsResultComeAtTheSameTime() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try {
            for (var round = 0; round < 20; round++) {
                var number = round;
                var accepted = threads.submit(() -> pending(results("both-" + number + "-", TaskState.PENDING, 0)));
                var started = threads.submit(() -> write(results("both-" + number + "-", TaskState.STARTED, 1)));
                accepted.get();
                started.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(submitted()).containsExactly(Map.entry("12:00 demo.add PENDING", 20L * 50));
    }

    private static TaskResult[] results(String prefix, TaskState state, long revision) {
        return IntStream.range(0, 50)
                .mapToObj(number -> result(prefix + number, state, revision, 0))
                .toArray(TaskResult[]::new);
    }

    @Test
    void countsByTheHourWhatItCountsByTheMinute() {
        var random = new Random(6);
        for (var poll = 0; poll < 30; poll++) {
            write(poll(random));
        }
        write(result("next-hour", TaskState.SUCCESS, 1, 3_599)); // submitted in the hour before its end

        assertThat(sums("task_count_hour", "hour"))
                .hasSizeGreaterThan(3)
                .isEqualTo(sums("task_count", "CAST(DATE_FORMAT(minute, '%Y-%m-%d %H:00:00') AS DATETIME)"));
        assertThat(jdbc.sql("SELECT SUM(tasks) FROM task_count_hour WHERE state = 'PENDING'")
                        .query(Long.class)
                        .single())
                .isEqualTo(jdbc.sql("SELECT COUNT(*) FROM task_result")
                        .query(Long.class)
                        .single());
    }

    @Test
    void countsFailuresByTheirKindOnce() {
        var failed = failed("a", "java.io.IOException", 3, 0);
        write(failed, failed("b", "java.io.IOException", 1, 60), failed("c", "com.acme.Refused", 1, 0));
        write(failed);
        write(result("d", TaskState.SUCCESS, 1, 0));

        assertThat(failures(null))
                .containsExactly(
                        new FailedTasks("demo.add", "java.io.IOException", ORIGIN, 2, NOON.plusSeconds(134)),
                        new FailedTasks("demo.add", "com.acme.Refused", ORIGIN, 1, NOON.plusSeconds(74)));
        assertThat(failures("com.acme.Refused"))
                .extracting(FailedTasks::errorType)
                .containsExactly("com.acme.Refused");
        assertThat(failureCounts.count(query(Duration.ofHours(5), "java.io.IOException")))
                .isEqualTo(2);
    }

    @Test
    void countsAFailureNoLongerWhenItsRowIsReplaced() {
        write(failed("a", "java.io.IOException", 3, 0));
        write(result("a", TaskState.SUCCESS, 4, 0));
        write(failed("b", "java.io.IOException", 3, 0));
        write(failed("b", "com.acme.Refused", 1, 600)); // a second run of the id

        assertThat(failures(null)).extracting(FailedTasks::errorType).containsExactly("com.acme.Refused");
    }

    @Test
    void countsFailuresByTheHourWhatItCountsByTheMinute() {
        var random = new Random(8);
        for (var poll = 0; poll < 30; poll++) {
            write(IntStream.range(0, 20)
                    .mapToObj(index -> failed(
                            "t-" + random.nextInt(100),
                            "E" + random.nextInt(3),
                            1 + random.nextInt(5),
                            900 * random.nextInt(9)))
                    .toArray(TaskResult[]::new));
        }

        var byMinutes = failureCounts.failures(query(Duration.ofHours(5), null));
        assertThat(failureCounts.failures(query(Duration.ofHours(9), null))).isEqualTo(byMinutes);
        assertThat(byMinutes.stream().mapToLong(FailedTasks::tasks).sum())
                .isEqualTo(jdbc.sql("SELECT COUNT(*) FROM task_result WHERE state = 'FAILURE'")
                        .query(Long.class)
                        .single());
    }

    @Test
    void theMigrationCountsTheFailuresOfBefore() {
        write(failed("a", "java.io.IOException", 3, 0), failed("b", "java.io.IOException", 1, 4_000));
        var before = failures(null);
        jdbc.sql("DELETE FROM failure_count").update();
        jdbc.sql("DELETE FROM failure_count_hour").update();

        migrate("failure_count");

        assertThat(before).hasSize(1);
        assertThat(failures(null)).isEqualTo(before);
        assertThat(failureCounts.failures(query(Duration.ofHours(9), null))).isEqualTo(before);
        write(failed("a", "java.io.IOException", 4, 0)); // adds to the row of the migration
        assertThat(jdbc.sql("SELECT COUNT(DISTINCT kind) FROM failure_count")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    /** Runs the statements of the migration that fill the counters of failures. */
    private static void migrate(String table) {
        try (var script = new ClassPathResource("db/celeriac-results/V21__failures_and_depth.sql").getInputStream()) {
            for (var sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";", -1)) {
                if (sql.strip().startsWith("INSERT INTO " + table)) {
                    jdbc.sql(sql).update();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<FailedTasks> failures(@Nullable String errorType) {
        return failureCounts.failures(query(Duration.ofHours(5), errorType));
    }

    private static FailureQuery query(Duration span, @Nullable String errorType) {
        return FailureQuery.ofLast(span, NOON.plus(Duration.ofHours(4)), null, "demo.add", errorType);
    }

    private static TaskResult failed(String id, String type, long revision, int submittedAfter) {
        Instant submitted = NOON.plusSeconds(submittedAfter);
        return TaskResult.of(
                        Task.named("demo.add").id(id).submittedAt(submitted).build(), "default", TaskState.FAILURE)
                .revision(revision)
                .attempt(1)
                .error(new TaskError(type, "no", type + ": no\n\tat " + ORIGIN))
                .startedAt(submitted.plusSeconds(4))
                .finishedAt(submitted.plusSeconds(74))
                .build();
    }

    @Test
    void theMigrationAddsUpTheHoursOfWhatWasCountedBefore() {
        var random = new Random(7);
        for (var poll = 0; poll < 10; poll++) {
            write(poll(random));
        }
        var before = sums("task_count_hour", "hour");
        jdbc.sql("DELETE FROM task_count_hour").update();

        new ResourceDatabasePopulator(new ClassPathResource("db/celeriac-results/V17__hours_from_minutes.sql"))
                .execute(pool);

        assertThat(before).isNotEmpty();
        assertThat(sums("task_count_hour", "hour")).isEqualTo(before);
    }

    /** All numbers of the hours that have any. */
    private static List<String> sums(String table, String hour) {
        var sums = numbers().stream().map(number -> "SUM(" + number + ")").toList();
        return jdbc.sql("SELECT CONCAT_WS(' ', at, queue, task, state, " + String.join(", ", sums) + ") FROM (SELECT "
                        + hour + " AS at, counted.* FROM " + table + " counted) hours"
                        + " GROUP BY at, queue, task, state HAVING " + String.join(" <> 0 OR ", sums) + " <> 0"
                        + " ORDER BY at, queue, task, state")
                .query(String.class)
                .list();
    }

    private static List<String> numbers() {
        return java.util.regex.Pattern.compile("(\\w+) = \\1 \\+")
                .matcher(CountChanges.MINUTES)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void writesTheCountersOfABatchByOneStatementATable() {
        var statements = new CountedStatements(pool);
        var counting = new MaterializedResultRepository(statements.dataSource(), tables);
        var batch = IntStream.range(0, 200)
                .mapToObj(number -> TestData.change(result("batch-" + number, TaskState.SUCCESS, 1, 60 * (number % 5))))
                .toList();

        counting.write(batch, List.of());

        assertThat(statements.beginningWith("INSERT INTO task_count (")).isEqualTo(1);
        assertThat(statements.beginningWith("INSERT INTO task_count_hour (")).isEqualTo(1);
        assertThat(statements.beginningWith("SELECT ")).isEqualTo(2); // the rows before, and those that are new
        statements.clear();

        counting.write(batch, List.of());

        assertThat(statements.beginningWith("SELECT ")).isEqualTo(1);
        assertThat(statements.beginningWith("INSERT INTO task_count")).isZero();
    }

    @Test
    void countsWhatTheRowsAddUpTo() {
        var random = new Random(5);
        for (var poll = 0; poll < 60; poll++) {
            write(poll(random));
        }

        assertThat(counted()).isNotEmpty().isEqualTo(fromRows());
        assertThat(histograms("run"))
                .isEqualTo(jdbc.sql("SELECT COUNT(*) FROM task_result WHERE state IN ('SUCCESS',"
                                + " 'FAILURE', 'REVOKED') AND started_at IS NOT NULL AND finished_at IS NOT NULL")
                        .query(Long.class)
                        .single());
    }

    @Test
    void severalMaterializersAddToTheSameCounters() throws Exception {
        var threads = Executors.newFixedThreadPool(3);
        var jobs = new ArrayList<Callable<Boolean>>();
        for (var number = 0; number < 3; number++) {
            var prefix = "m" + number + "-";
            var random = new Random(number);
            jobs.add(() -> {
                for (var poll = 0; poll < 30; poll++) {
                    var own = new TaskResult[100];
                    for (var index = 0; index < own.length; index++) {
                        own[index] = random(prefix + random.nextInt(300), random);
                    }
                    write(own); // a deadlock would fail it
                }
                return true;
            });
        }
        try {
            for (var done : threads.invokeAll(jobs)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(counted()).isEqualTo(fromRows());
    }

    private static TaskResult[] poll(Random random) {
        var results = new TaskResult[40];
        for (var index = 0; index < results.length; index++) {
            results[index] = random("t-" + random.nextInt(200), random);
        }
        return results;
    }

    private static TaskResult random(String id, Random random) {
        var states = TaskState.values();
        return result(
                id, List.of(states).get(random.nextInt(states.length)), 1 + random.nextInt(5), 60 * random.nextInt(3));
    }

    private static TaskResult result(String id, TaskState state, long revision, int submittedAfter) {
        Instant submitted = NOON.plusSeconds(submittedAfter);
        return TaskResult.of(
                        Task.named("demo.add").id(id).submittedAt(submitted).build(), "default", state)
                .revision(revision)
                .attempt(1)
                .startedAt(submitted.plusSeconds(4))
                .finishedAt(state.isFinal() ? submitted.plusSeconds(74) : null)
                .build();
    }

    private static void write(TaskResult... results) {
        repository.write(List.of(results).stream().map(TestData::change).toList(), List.of());
    }

    private static void pending(TaskResult... results) {
        repository.addPending(List.of(results).stream().map(TestData::change).toList(), List.of());
    }

    private static Map<String, Long> submitted() {
        return byKey("SELECT minute AS at, task, state, SUM(tasks) AS tasks FROM task_count WHERE state = 'PENDING'"
                + " GROUP BY minute, task, state");
    }

    private static Map<String, Long> counted() {
        return byKey("SELECT minute AS at, task, state, SUM(tasks) AS tasks FROM task_count WHERE state <> 'PENDING'"
                + " GROUP BY minute, task, state");
    }

    private static Map<String, Long> fromRows() {
        return byKey(
                "SELECT finished_at AS at, task, state, COUNT(*) AS tasks FROM task_result WHERE state IN ('SUCCESS',"
                        + " 'FAILURE', 'REVOKED') GROUP BY finished_at, task, state");
    }

    private static Map<String, Long> byKey(String sql) {
        return jdbc
                .sql(sql)
                .query((row, number) -> Map.entry(
                        row.getObject("at", java.time.LocalDateTime.class)
                                        .toLocalTime()
                                        .truncatedTo(java.time.temporal.ChronoUnit.MINUTES)
                                + " " + row.getString("task") + " " + row.getString("state"),
                        row.getLong("tasks")))
                .list()
                .stream()
                .filter(entry -> entry.getValue() != 0)
                .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.summingLong(Map.Entry::getValue)));
    }

    private static long histograms(String name) {
        var columns = CountChanges.MINUTES
                .lines()
                .flatMap(line -> java.util.regex.Pattern.compile(name + "_\\d\\d")
                        .matcher(line)
                        .results()
                        .map(java.util.regex.MatchResult::group))
                .distinct()
                .collect(Collectors.joining(" + "));
        return jdbc.sql("SELECT SUM(" + columns + ") FROM task_count")
                .query(Long.class)
                .single();
    }
}
