package io.celeriac.results.query;

import static io.celeriac.results.TestData.NOON;
import static io.celeriac.results.TestData.change;
import static io.celeriac.results.TestData.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.materializer.MovedPositionException;
import io.celeriac.results.materializer.OffsetAdvance;
import io.celeriac.results.materializer.Position;
import io.celeriac.results.materializer.RefusedRowException;
import io.celeriac.results.materializer.ResultChange;
import io.celeriac.testkit.TestStack;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is written comes back the same, and which record wins does not depend on the order they came in. */
class TaskResultRepositoryIT {

    private static final String TOPIC = "Z2xhZHlzLXRoZS10b3BpYw";

    private static HikariDataSource pool;
    private static MaterializedResultRepository writer;
    private static TaskResultRepository reader;

    @BeforeAll
    static void migrate() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        writer = new MaterializedResultRepository(pool, tables);
        reader = new TaskResultRepository(pool, tables);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void readsBackEveryField() {
        var json = """
                {"id":"full","task":"demo.sleep","queue":"default","state":"FAILURE","attempt":2,"revision":4,
                 "args":[6,null,19.990,12345678901234567890.10],"kwargs":{"b":1,"a":null},"argumentsOmitted":true,"result":null,
                 "error":{"type":"java.io.IOException","message":"no route 🥬","stackTrace":"at X\\n\\tat Y"},
                 "reason":"expired","progress":{"done":3,"total":3,"message":"done","data":{"x":1}},
                 "worker":"host-1","partition":3,"offset":41,"key":"customer-7","priority":9,
                 "labels":{"tenant":"acme"},"parentId":"p","rootId":"r","groupId":"g","retryOf":"e","winner":"f",
                 "schedule":{"name":"newsletter","fireTime":"2026-01-31T12:00:00Z"},
                 "submittedAt":"2026-01-31T11:59:59.999Z","eta":"2026-01-31T12:00:00Z",
                 "startedAt":"2026-01-31T12:00:00.000001Z","finishedAt":"2026-03-29T01:30:00Z",
                 "nextAttemptAt":"2026-10-25T01:30:00Z","children":["child-1"]}""";
        assertThat(TaskJson.MAPPER.readTree(json).propertyNames())
                .containsExactlyElementsOf(Arrays.stream(TaskResult.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
        var full = TaskJson.result(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        writer.write(List.of(change(full)), List.of());

        assertThat(reader.find("full")).contains(full);
        assertThat(reader.find("Full")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "\"\"", "0", "false", "\"🥬\\u0000\"", "1.50"})
    void tellsEmptyResultsApart(String json) {
        var some = result("some", TaskState.SUCCESS, 1);
        var given = TaskResult.of(TestData.task("some"), "default", TaskState.SUCCESS)
                .revision(2)
                .result(TaskJson.MAPPER.readTree(json))
                .submittedAt(NOON)
                .build();

        writer.write(List.of(change(some), change(given)), List.of());

        assertThat(reader.find("some")).contains(given);
    }

    @Test
    void aHandlerThatReturnsNothingHasNoResult() {
        writer.write(List.of(change(result("nothing", TaskState.SUCCESS, 1))), List.of());

        assertThat(reader.find("nothing").orElseThrow().result()).isNull();
    }

    @Test
    void keepsInstantsToTheMicrosecondAndFillsInTheSubmission() {
        var precise = TaskResult.of(Task.named("a").id("precise").build(), "default", TaskState.STARTED)
                .startedAt(Instant.parse("2026-01-31T12:00:00.123456789Z"))
                .build();

        writer.write(List.of(new ResultChange(precise, NOON)), List.of());

        var row = reader.find("precise").orElseThrow();
        assertThat(row.startedAt()).isEqualTo("2026-01-31T12:00:00.123456Z");
        assertThat(row.submittedAt()).isEqualTo(NOON);
    }

    /** Whatever zone a server or a session believes in, and also in the hour that clocks there skip or repeat. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-01-31T12:00:00.123456Z", "2026-03-08T10:30:00Z", "2026-11-01T09:30:00Z"})
    void theSessionsTimeZoneDoesNotMatter(Instant instant) {
        var zones = "&connectionTimeZone=America/Los_Angeles&forceConnectionTimeZoneToSession=false"
                + "&sessionVariables=time_zone='%2B05:45'";
        var result = TaskResult.of(TestData.task("zone"), "default", TaskState.STARTED)
                .startedAt(instant)
                .build();
        try (var foreign = TestData.pool(database(), zones)) {
            new MaterializedResultRepository(foreign, TestData.tables(foreign))
                    .write(List.of(change(result)), List.of());

            assertThat(new TaskResultRepository(foreign, TestData.tables(foreign)).find("zone"))
                    .contains(result);
        }
        assertThat(reader.find("zone")).contains(result);
    }

    @Test
    void anyOrderOfTheSameRecordsEndsInTheSameRows() {
        var random = new Random(7);
        for (var round = 0; round < 40; round++) {
            var records = history(round, random);
            var expected = new HashMap<String, ResultChange>();
            records.forEach(record ->
                    expected.merge(record.result().id(), record, (old, next) -> next.replaces(old) ? next : old));

            var shuffled = new ArrayList<>(records);
            shuffled.addAll(records.subList(0, random.nextInt(records.size()))); // repeated
            Collections.shuffle(shuffled, random);
            for (var from = 0; from < shuffled.size(); ) { // and cut into polls of any size
                var to = Math.min(shuffled.size(), from + 1 + random.nextInt(5));
                writer.write(shuffled.subList(from, to), List.of());
                from = to;
            }

            expected.forEach((id, change) -> assertThat(reader.find(id)).contains(change.result()));
        }
    }

    private static List<ResultChange> history(int round, Random random) {
        var records = new ArrayList<ResultChange>();
        for (var task = 0; task < 3; task++) {
            var id = "r" + round + "-t" + task;
            var states = List.of(TaskState.values());
            for (var revision = 1; revision <= 1 + random.nextInt(6); revision++) {
                records.add(change(result(id, states.get(random.nextInt(states.size())), revision)));
            }
        }
        return records;
    }

    /**
     * Two runs of one id: of an Idempotency-Key of yesterday, submitted later; or of a dead letter that was sent again, submitted at
     * the same time. Whatever comes in which order, the duplicates that a worker drops among it, the row is the later run's outcome, and
     * so are its attempts and labels.
     */
    @ParameterizedTest
    @ValueSource(longs = {3_600, 0})
    void anyOrderOfTwoRunsEndsInTheLaterOne(long secondsBetween) {
        var first = Run.of(NOON, 5, "first");
        var second = Run.of(NOON.plusSeconds(secondsBetween), 9, secondsBetween == 0 ? "first" : "second");
        var records = List.<Function<String, ResultChange>>of(
                id -> first.record(id, TaskState.STARTED, 1, 1),
                id -> first.record(id, TaskState.RETRY, 1, 2),
                id -> first.record(id, TaskState.SUCCESS, 2, 3),
                id -> second.record(id, TaskState.STARTED, 1, 1),
                id -> second.record(id, TaskState.FAILURE, 1, 2));
        var orders = permutations(records);
        for (var step = 0; step < records.size(); step++) {
            var changes = new ArrayList<ResultChange>();
            for (var number = 0; number < orders.size(); number++) {
                changes.add(orders.get(number).get(step).apply("runs-" + secondsBetween + "-" + number));
            }
            writer.write(changes, List.of());
            if (step == 2) {
                writer.addPending(
                        changes.stream()
                                .map(change -> Run.of(NOON.plusSeconds(9_999), 12, "duplicate")
                                        .record(change.result().id(), TaskState.PENDING, 0, 0))
                                .toList(),
                        List.of());
            }
        }

        for (var number = 0; number < orders.size(); number++) {
            var id = "runs-" + secondsBetween + "-" + number;
            assertThat(reader.find(id))
                    .contains(second.record(id, TaskState.FAILURE, 1, 2).result());
            assertThat(reader.attempts(id)).extracting(TaskAttempt::state).containsExactly(TaskState.FAILURE);
        }
        assertThat(labelled("run", second.label)).hasSize(orders.size());
        assertThat(labelled("run", secondsBetween == 0 ? "second" : "first")).isEmpty();
        assertThat(labelled("run", "duplicate")).isEmpty();
        JdbcClient.create(pool).sql("DELETE FROM task_label WHERE name = 'run'").update();
    }

    private record Run(Instant submittedAt, long offset, String label) {

        static Run of(Instant submittedAt, long offset, String label) {
            return new Run(submittedAt, offset, label);
        }

        ResultChange record(String id, TaskState state, int attempt, long revision) {
            var task = Task.named("demo.run")
                    .id(id)
                    .label("run", label)
                    .submittedAt(submittedAt)
                    .build();
            return change(TaskResult.of(task, "default", state)
                    .attempt(attempt)
                    .revision(revision)
                    .at(3, offset)
                    .build());
        }
    }

    private static <T> List<List<T>> permutations(List<T> all) {
        if (all.isEmpty()) {
            return List.of(List.of());
        }
        var permutations = new ArrayList<List<T>>();
        for (var number = 0; number < all.size(); number++) {
            var rest = new ArrayList<>(all);
            var head = rest.remove(number);
            for (var tail : permutations(rest)) {
                var one = new ArrayList<T>(List.of(head));
                one.addAll(tail);
                permutations.add(one);
            }
        }
        return permutations;
    }

    private static List<String> labelled(String name, String value) {
        var filter = new TaskFilter(Set.of(), null, null, null, Map.of(name, value), null, null, null);
        return reader.list(new TaskQuery(filter, 500, null)).items().stream()
                .map(TaskResult::id)
                .toList();
    }

    /**
     * A producer sent a task twice, and the worker drops the second record. Whether its row comes first, as the tables are filled again
     * from topics that no longer have the first record, or last: the outcome of the first record stays.
     */
    @Test
    void aDuplicateThatIsDroppedNeverHidesTheOutcome() {
        var run = Run.of(NOON, 5, "once");
        var duplicate = Run.of(NOON.plusSeconds(30), 6, "once");
        for (var id : List.of("duplicate-first", "duplicate-last")) {
            writer.addPending(
                    List.of((id.equals("duplicate-first") ? duplicate : run).record(id, TaskState.PENDING, 0, 0)),
                    List.of());
            writer.write(List.of(run.record(id, TaskState.SUCCESS, 1, 2)), List.of());
            writer.addPending(List.of(duplicate.record(id, TaskState.PENDING, 0, 0)), List.of());

            assertThat(reader.find(id))
                    .contains(run.record(id, TaskState.SUCCESS, 1, 2).result());
        }
    }

    /** A tenant must not see another's tasks because their names look alike to a collation. */
    @Test
    void labelsAreTheSameOnlyByteForByte() {
        var names = List.of("tenant", "tenant ", " tenant", "Tenant", "ténant", "tenant\t", "🍣", "🍺", "\u0000");
        var task = Task.named("demo.labels").id("labels").submittedAt(NOON);
        names.forEach(name -> task.label(name, "of " + name));
        var changes = new ArrayList<ResultChange>();
        changes.add(
                change(TaskResult.of(task.build(), "default", TaskState.SUCCESS).build()));
        for (var number = 0; number < names.size(); number++) {
            changes.add(change(TaskResult.of(
                            Task.named("demo.labels")
                                    .id("value-" + number)
                                    .label("who", names.get(number))
                                    .submittedAt(NOON)
                                    .build(),
                            "default",
                            TaskState.SUCCESS)
                    .build()));
        }
        writer.write(changes, List.of());

        for (var number = 0; number < names.size(); number++) {
            var name = names.get(number);
            assertThat(labelled(name, "of " + name)).as("'%s'", name).containsExactly("labels");
            assertThat(labelled(name, "of " + name + " ")).isEmpty();
            assertThat(labelled("who", name)).as("'%s'", name).containsExactly("value-" + number);
        }
    }

    @Test
    void aNameIsAskedForByteForByte() {
        var scheduled = Task.named("demo.exact")
                .id("exact")
                .parentId("exact-parent")
                .schedule(new Firing("hourly ", NOON))
                .submittedAt(NOON)
                .build();
        writer.write(
                List.of(change(TaskResult.of(scheduled, "exact", TaskState.FAILURE)
                        .attempt(1)
                        .error(new TaskError("X", "y", null))
                        .finishedAt(NOON)
                        .build())),
                List.of());

        assertThat(reader.find("exact ")).isEmpty();
        assertThat(reader.attempts("exact ")).isEmpty();
        assertThat(reader.children("exact-parent")).hasSize(1);
        assertThat(reader.children("exact-parent ")).isEmpty();
        assertThat(reader.failures(NOON, NOON.plusSeconds(1), "demo.exact", 9)).hasSize(1);
        assertThat(reader.failures(NOON, NOON.plusSeconds(1), "demo.exact ", 9)).isEmpty();
        assertThat(listed("demo.exact", "exact", "hourly ")).hasSize(1);
        assertThat(listed("demo.exact ", null, null)).isEmpty();
        assertThat(listed(null, "exact ", null)).isEmpty();
        assertThat(listed(null, null, "hourly")).isEmpty();
        assertThat(listed(null, null, "hourly  ")).isEmpty();
    }

    private static List<TaskResult> listed(@Nullable String task, @Nullable String queue, @Nullable String schedule) {
        var filter = new TaskFilter(Set.of(), task, queue, schedule, Map.of(), null, null, null);
        return reader.list(new TaskQuery(filter, 10, null)).items();
    }

    /** Somebody's own SQL, or a later version, wrote what this one cannot read: it must not hide the other rows of a page. */
    @Test
    void aRowThatCannotBeReadHidesNoOther() {
        for (var id : List.of("whole", "torn", "later", "odd")) {
            writer.write(
                    List.of(change(TaskResult.of(
                                    Task.named("demo.torn")
                                            .id(id)
                                            .args(1)
                                            .submittedAt(NOON)
                                            .build(),
                                    "default",
                                    TaskState.REVOKED)
                            .attempt(1)
                            .build())),
                    List.of());
        }
        var jdbc = JdbcClient.create(pool);
        jdbc.sql("UPDATE task_result SET args = '[1', labels = '{\"a\":', progress = 'x' WHERE id = 'torn'")
                .update();
        jdbc.sql("UPDATE task_result SET state = 'OF_TOMORROW' WHERE id = 'later'")
                .update();
        jdbc.sql("UPDATE task_attempt SET state = 'OF_TOMORROW' WHERE task_id = 'later'")
                .update();
        jdbc.sql("UPDATE task_result SET reason = 'OF_TOMORROW' WHERE id = 'odd'")
                .update();
        try {
            assertThat(listed("demo.torn", null, null))
                    .extracting(TaskResult::id)
                    .containsExactly("whole", "torn", "odd");
            assertThat(reader.find("torn").orElseThrow().args()).isEmpty();
            assertThat(reader.find("later")).isEmpty();
            assertThat(reader.states(List.of("whole", "later"))).containsOnlyKeys("whole");
            assertThat(reader.attempts("later")).isEmpty();
            assertThat(reader.counts(NOON, NOON.plusSeconds(1)))
                    .contains(new StateCount("demo.torn", TaskState.REVOKED, 3, true));
        } finally {
            jdbc.sql("DELETE FROM task_result WHERE task = 'demo.torn'").update();
        }
    }

    /** What no column holds is before or after everything. */
    @Test
    void boundsBeyondTheColumnsRangeLetAllPassOrNothing() {
        var last = Instant.parse("9999-12-31T23:59:59.999999Z");
        writer.write(
                List.of(
                        change(TaskResult.of(
                                        Task.named("demo.bounds")
                                                .id("bounds-1")
                                                .submittedAt(Instant.parse("1000-01-01T00:00:00Z"))
                                                .build(),
                                        "default",
                                        TaskState.SUCCESS)
                                .build()),
                        change(TaskResult.of(
                                        Task.named("demo.bounds")
                                                .id("bounds-2")
                                                .submittedAt(last)
                                                .build(),
                                        "default",
                                        TaskState.SUCCESS)
                                .build())),
                List.of());

        for (var early :
                List.of(Instant.MIN, Instant.parse("-0001-01-01T00:00:00Z"), Instant.parse("0999-01-01T00:00:00Z"))) {
            for (var late : List.of(Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z"))) {
                assertThat(bounded(early, late)).as("%s to %s", early, late).isEqualTo(2);
                assertThat(bounded(late, early)).isZero();
                assertThat(bounded(early, early)).isZero();
                assertThat(bounded(late, late)).isZero();
                assertThat(bounded(last, late)).isEqualTo(1);
                assertThat(bounded(early, last)).isEqualTo(1);
                assertThat(reader.failures(early, late, "demo.bounds", 5)).isEmpty();
                assertThat(reader.failures(late, early, null, 5)).isEmpty();
            }
        }
    }

    private static long bounded(Instant from, Instant to) {
        var filter = new TaskFilter(Set.of(), "demo.bounds", null, null, Map.of(), from, to, null);
        var listed = reader.list(new TaskQuery(filter, 10, null)).items().size();
        assertThat(reader.counts(from, to).stream()
                        .filter(count -> count.task().equals("demo.bounds"))
                        .mapToLong(StateCount::count)
                        .sum())
                .isEqualTo(listed);
        return listed;
    }

    @Test
    void aCursorThatNobodyWroteIsRefused() {
        for (var time : List.of("-999999999-01-01T00:00", "+999999999-12-31T23:59", "0999-12-31T00:00", "noon")) {
            var text = Base64.getUrlEncoder()
                    .encodeToString((time + "/x").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThatThrownBy(() -> TaskCursor.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFinalRowNeverGoesBack() {
        writer.write(List.of(change(result("done", TaskState.SUCCESS, 3))), List.of());
        writer.write(List.of(change(result("done", TaskState.STARTED, 9))), List.of());
        writer.write(List.of(change(result("done", TaskState.FAILURE, 2))), List.of());
        writer.addPending(List.of(change(result("done", TaskState.PENDING, 0))), List.of());

        assertThat(reader.find("done")).contains(result("done", TaskState.SUCCESS, 3));
    }

    @Test
    void aFinalRecordOfALowerRevisionReplacesWhatIsNotFinal() {
        writer.write(List.of(change(result("low", TaskState.STARTED, 9))), List.of());
        writer.write(List.of(change(result("low", TaskState.SUCCESS, 3))), List.of());

        assertThat(reader.find("low")).contains(result("low", TaskState.SUCCESS, 3));
    }

    @Test
    void aPendingRowGivesWayToAnyRecord() {
        writer.addPending(List.of(change(result("new", TaskState.PENDING, 0))), List.of());
        assertThat(reader.find("new").orElseThrow().state()).isEqualTo(TaskState.PENDING);

        writer.write(List.of(change(result("new", TaskState.STARTED, 1))), List.of());

        assertThat(reader.find("new").orElseThrow().state()).isEqualTo(TaskState.STARTED);
    }

    @Test
    void rowsAndOffsetsGoTogetherOrNotAtAll() {
        var partition = new TopicPartition("together", 0);
        var fits = change(result("fits", TaskState.SUCCESS, 1));
        var tooLong = change(TaskResult.of(TestData.task("unfit"), "default", TaskState.SUCCESS)
                .worker("x".repeat(256))
                .build());

        var advance = List.of(advance(partition, -1, 2));
        assertThatThrownBy(() -> writer.write(List.of(fits, tooLong), advance)).isInstanceOf(RefusedRowException.class);
        assertThat(reader.find("fits")).isEmpty();
        assertThat(writer.positions(List.of(partition))).isEmpty();

        writer.write(List.of(fits), advance);
        assertThat(writer.positions(List.of(partition))).containsEntry(partition, new Position(TOPIC, 2));
    }

    /** A program that was asleep while another took its partition over, and tables that were emptied under it, look alike to it. */
    @Test
    void whoIsNotWhereTheDatabaseIsWritesNothing() {
        var partition = new TopicPartition("fenced", 0);
        writer.write(List.of(), List.of(advance(partition, -1, 5)));

        for (var from : List.of(-1L, 4L, 6L)) {
            assertThatThrownBy(() -> writer.write(
                            List.of(change(result("fenced", TaskState.SUCCESS, 1))),
                            List.of(advance(partition, from, 9))))
                    .isInstanceOf(MovedPositionException.class);
        }
        assertThat(reader.find("fenced")).isEmpty();

        writer.write(List.of(change(result("fenced", TaskState.SUCCESS, 1))), List.of(advance(partition, 5, 9)));
        assertThat(reader.find("fenced")).isPresent();
        assertThat(reader.nextOffset(partition)).contains(9L);
    }

    /**
     * Who writes the first results of a partition while the tables are emptied must wait until they all are: else a part of its rows
     * would be gone, and its position say that they are there. The reader holds the emptying up between two tables.
     */
    @Test
    void whoBeginsWhileTheTablesAreEmptiedLosesNothing() throws Exception {
        var jdbc = JdbcClient.create(pool);
        var partition = new TopicPartition("begins", 0);
        var threads = Executors.newFixedThreadPool(2);
        try {
            var running = new ArrayList<Future<?>>();
            new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult(reading -> {
                jdbc.sql("SELECT COUNT(*) FROM task_attempt").query(Long.class).single();
                running.add(threads.submit(writer::empty));
                await().pollInSameThread().until(() -> waiting(jdbc, "TRUNCATE%") == 1);
                running.add(threads.submit(() -> writer.write(
                        List.of(change(result("begins", TaskState.SUCCESS, 1))), List.of(advance(partition, -1, 1)))));
                await().pollInSameThread().until(() -> waiting(jdbc, "INSERT%") == 1);
            });
            for (var one : running) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(reader.find("begins")).isPresent();
        assertThat(reader.attempts("begins")).hasSize(1);
        assertThat(reader.list(new TaskQuery(
                                new TaskFilter(Set.of(), null, null, null, Map.of("tenant", "acme"), null, null, null),
                                10,
                                null))
                        .items())
                .extracting(TaskResult::id)
                .containsExactly("begins");
    }

    private static OffsetAdvance advance(TopicPartition partition, long from, long to) {
        return new OffsetAdvance(
                partition, from < 0 ? Position.NOTHING : new Position(TOPIC, from), new Position(TOPIC, to));
    }

    private static int waiting(JdbcClient jdbc, String statement) {
        return jdbc.sql(
                        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND command <> 'Sleep'"
                                + " AND info LIKE :statement")
                .param("statement", statement)
                .query(Integer.class)
                .single();
    }

    @Test
    void keepsEveryAttempt() {
        writer.write(
                List.of(
                        change(result("tried", TaskState.STARTED, 1)),
                        change(result("tried", TaskState.RETRY, 2)),
                        change(TaskResult.of(TestData.task("tried"), "default", TaskState.SUCCESS)
                                .attempt(2)
                                .revision(3)
                                .build())),
                List.of());

        var attempts = reader.attempts("tried");
        assertThat(attempts).extracting(TaskAttempt::attempt).containsExactly(1, 2);
        assertThat(attempts).extracting(TaskAttempt::state).containsExactly(TaskState.RETRY, TaskState.SUCCESS);
        assertThat(attempts.get(0))
                .isEqualTo(new TaskAttempt(
                        1,
                        TaskState.RETRY,
                        "host-2",
                        NOON.plusSeconds(2),
                        NOON.plusSeconds(1), // by the record's timestamp
                        NOON.plusSeconds(60),
                        new TaskError("java.io.IOException", "no route", "at X"),
                        "X"));
        assertThat(reader.attempts("never")).isEmpty();
    }

    @Test
    void pagesThroughAListWithoutGapsOrRepeats() {
        var all = new ArrayList<String>();
        var changes = new ArrayList<ResultChange>();
        for (var number = 0; number < 7; number++) {
            var id = "page-" + number;
            all.add(0, id);
            changes.add(change(TaskResult.of(
                            Task.named("demo.page").id(id).build(), number % 2 == 0 ? "a" : "b", TaskState.STARTED)
                    .submittedAt(NOON.plusSeconds(number / 3))
                    .build()));
        }
        writer.write(changes, List.of());

        assertThat(walk(null)).containsExactlyElementsOf(all);
        assertThat(walk("b")).containsExactly("page-5", "page-3", "page-1");
    }

    /** A gateway has less memory than a page of the largest tasks would take. */
    @Test
    void makesShortPagesOfLargeTasks() {
        var ids = new ArrayList<String>();
        for (var number = 0; number < 12; number++) {
            var id = "large-" + number;
            ids.add(0, id);
            writer.write(
                    List.of(change(TaskResult.of(
                                    Task.named("demo.large")
                                            .id(id)
                                            .args("x".repeat(1_000_000))
                                            .build(),
                                    "a",
                                    TaskState.STARTED)
                            .submittedAt(NOON.plusSeconds(number))
                            .build())),
                    List.of());
        }
        var filter = new TaskFilter(Set.of(), "demo.large", null, null, Map.of(), null, null, null);

        var first = reader.list(new TaskQuery(filter, 500, null));
        var rest = reader.list(new TaskQuery(filter, 500, first.next()));

        assertThat(first.items()).hasSize(9);
        assertThat(rest.next()).isNull();
        assertThat(Stream.concat(first.items().stream(), rest.items().stream()).map(TaskResult::id))
                .containsExactlyElementsOf(ids);
    }

    private static List<String> walk(String queue) {
        var ids = new ArrayList<String>();
        TaskCursor cursor = null;
        do {
            var page = reader.list(new TaskQuery(
                    new TaskFilter(Set.of(), "demo.page", queue, null, Map.of(), null, null, null), 2, cursor));
            page.items().forEach(item -> ids.add(item.id()));
            cursor = page.next() == null ? null : TaskCursor.parse(page.next().toString());
        } while (cursor != null);
        return ids;
    }

    private static io.celeriac.testkit.TestDatabase database() {
        var url = pool.getJdbcUrl().replace("&rewriteBatchedStatements=true", "");
        return new io.celeriac.testkit.TestDatabase("", url, pool.getUsername(), pool.getPassword());
    }
}
