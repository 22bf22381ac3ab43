package io.celeriac.results.query;

import static io.celeriac.results.TestData.NOON;
import static io.celeriac.results.TestData.change;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.condition.Comparison;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.condition.TimeColumn;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whatever is asked for, the database answers as a plain loop over all tasks would. */
class TaskSearchIT {

    private static final int TASKS = 1_500;
    private static final List<TaskState> STATES = List.of(TaskState.values());
    private static final List<TaskResult> ALL = new ArrayList<>();

    private static HikariDataSource pool;
    private static TaskResultRepository reader;

    @BeforeAll
    static void fill() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        var random = new Random(11);
        for (var number = 0; number < TASKS; number++) {
            ALL.add(random(number, random));
        }
        new MaterializedResultRepository(pool, tables, Set.of(ArgumentPath.parse("0")))
                .write(ALL.stream().map(TestData::change).toList(), List.of());
        reader = new TaskResultRepository(pool, tables);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static TaskResult random(int number, Random random) {
        var state = STATES.get(random.nextInt(STATES.size()));
        var task = Task.named("task." + random.nextInt(4))
                .id("t-" + number)
                .args(number, "Café 100%_sure!")
                .submittedAt(NOON.plusSeconds(random.nextInt(300))); // many at the same instant
        if (random.nextBoolean()) {
            task.label("tenant", "acme-" + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            task.label("user", "u" + random.nextInt(2));
        }
        if (random.nextInt(5) == 0) {
            task.schedule(new Firing("nightly-" + random.nextInt(2), NOON));
        }
        var failed = state == TaskState.FAILURE || state == TaskState.RETRY;
        return TaskResult.of(task.build(), random.nextBoolean() ? "mail" : "default", state)
                .attempt(1)
                .startedAt(NOON.plusSeconds(400))
                .error(
                        failed
                                ? new TaskError(
                                        "a.B",
                                        "no route to " + random.nextInt(4),
                                        "a.B\n\tat a.C.d(C.java:" + random.nextInt(2) + ")")
                                : null)
                .finishedAt(failed || state.isFinal() ? NOON.plusSeconds(400 + random.nextInt(100)) : null)
                .build();
    }

    @Test
    void everyCombinationOfFiltersFindsWhatALoopWouldInPagesOfAnySize() {
        var random = new Random(13);
        for (var round = 0; round < 150; round++) {
            var filter = filter(random);
            assertThat(walk(filter, 1 + random.nextInt(40)))
                    .as("%s", filter)
                    .containsExactlyElementsOf(expected(filter));
        }
    }

    private static TaskFilter filter(Random random) {
        var states = random.nextBoolean()
                ? Set.<TaskState>of()
                : Stream.generate(() -> STATES.get(random.nextInt(STATES.size())))
                        .limit(1 + random.nextInt(3))
                        .collect(Collectors.toSet());
        var labels = new LinkedHashMap<String, String>();
        if (random.nextInt(3) == 0) {
            labels.put("tenant", "acme-" + random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
            labels.put("user", "u" + random.nextInt(2));
        }
        return new TaskFilter(
                states,
                random.nextBoolean() ? null : "task." + random.nextInt(5),
                random.nextBoolean() ? null : "mail",
                random.nextInt(4) > 0 ? null : "nightly-" + random.nextInt(2),
                labels,
                random.nextBoolean() ? null : NOON.plusSeconds(random.nextInt(200)),
                random.nextBoolean() ? null : NOON.plusSeconds(100 + random.nextInt(200)),
                random.nextInt(3) > 0
                        ? null
                        : List.of("caFÉ 100%_SURE!", "route to 2", "t-77", "é_1")
                                .get(random.nextInt(4)));
    }

    @Test
    void everyConditionFindsWhatItHoldsForInMemoryInWindowsOfAnySize() {
        var random = new Random(17);
        var patient = Duration.ofSeconds(30);
        var tables = TestData.tables(pool);
        for (var round = 0; round < 150; round++) {
            var filter = filter(random).and(condition(random, 3));
            var indexed = new TaskResultRepository(pool, tables, Set.of("0"), patient);
            var limit = 1 + random.nextInt(40);
            assertThat(walk(filter, limit, random.nextBoolean() ? reader : indexed))
                    .as("%s", filter)
                    .containsExactlyElementsOf(expected(filter));
            if (round % 10 == 0) {
                assertThat(walkByIndexAlone(filter, limit))
                        .as("%s", filter)
                        .containsExactlyElementsOf(expected(filter));
            }
        }
    }

    @Test
    void countsWhatALoopWouldUpToABound() {
        var random = new Random(19);
        var patient = new TaskResultRepository(pool, TestData.tables(pool), Set.of("0"), Duration.ofSeconds(30));
        for (var round = 0; round < 60; round++) {
            var filter = filter(random).and(condition(random, 2));
            var most = 1 + random.nextInt(200);
            var all = expected(filter).size();
            assertThat(patient.count(filter, most))
                    .as("%s", filter)
                    .isEqualTo(new BoundedCount(Math.min(all, most), all <= most));
        }
    }

    private static TaskCondition condition(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 10 : 13)) {
            case 0 -> text(TextColumn.STATE, new Match.Whole("FAILURE"));
            case 1 ->
                text(TextColumn.TASK, random.nextBoolean() ? new Match.Prefix("task.") : new Match.Whole("task.1"));
            case 2 -> text(TextColumn.QUEUE, new Match.Whole("default"));
            case 3 -> text(TextColumn.SCHEDULE, random.nextBoolean() ? new Match.Any() : new Match.Prefix("nightly-1"));
            case 4 -> text(TextColumn.ID, random.nextBoolean() ? new Match.Prefix("t-1") : new Match.Whole("t-77"));
            case 5 ->
                new TaskCondition.Label(
                        "tenant",
                        List.of(new Match.Any(), new Match.Whole("acme-1"), new Match.Prefix("acme-"))
                                .get(random.nextInt(3)));
            case 6 ->
                new TaskCondition.Argument(
                        ArgumentPath.parse(random.nextInt(3) == 0 ? "1" : "0"),
                        random.nextBoolean() ? new Match.Prefix("1") : new Match.Whole("" + random.nextInt(TASKS)));
            case 7 -> new TaskCondition.Failed(random.nextBoolean() ? null : "ROUTE to 2");
            case 8 -> new TaskCondition.RunTime(Comparison.GREATER, Duration.ofSeconds(random.nextInt(100)));
            case 9 ->
                new TaskCondition.Time(
                        random.nextBoolean() ? TimeColumn.SUBMITTED : TimeColumn.FINISHED,
                        List.of(
                                        Comparison.LESS,
                                        Comparison.LESS_OR_EQUAL,
                                        Comparison.GREATER,
                                        Comparison.GREATER_OR_EQUAL)
                                .get(random.nextInt(4)),
                        NOON.plusSeconds(random.nextInt(500)));
            case 10 -> new TaskCondition.Not(condition(random, depth - 1));
            case 11 -> new TaskCondition.Or(List.of(condition(random, depth - 1), condition(random, depth - 1)));
            default -> new TaskCondition.And(List.of(condition(random, depth - 1), condition(random, depth - 1)));
        };
    }

    private static TaskCondition text(TextColumn column, Match match) {
        return new TaskCondition.Text(column, match);
    }

    /** As a search goes on after it was too slow. */
    private static List<String> walkByIndexAlone(TaskFilter filter, int limit) {
        var ids = new ArrayList<String>();
        TaskCursor cursor = null;
        var jdbc = JdbcClient.create(pool);
        do {
            var query = new TaskQuery(filter, limit, cursor);
            var plan = new SearchPlan(filter, Set.of("0"));
            if (plan.findsNothing()) {
                return List.of();
            }
            var search = new TaskSearch(query, plan, 100, true);
            var page = jdbc.sql(search.page())
                    .params(search.values())
                    .query((row, number) -> new TaskCursor(row.getObject(2, LocalDateTime.class), row.getString(1)))
                    .list();
            page.stream().limit(limit).forEach(place -> ids.add(place.id()));
            cursor = page.size() > limit
                    ? page.get(limit - 1)
                    : jdbc.sql(search.endOfWindow())
                            .params(search.values())
                            .query((row, number) ->
                                    new TaskCursor(row.getObject(2, LocalDateTime.class), row.getString(1)))
                            .optional()
                            .orElse(null);
        } while (cursor != null);
        return ids;
    }

    private static List<String> expected(TaskFilter filter) {
        return ALL.stream()
                .filter(task -> fits(task, filter))
                .sorted(Comparator.comparing(TaskSearchIT::submittedAt)
                        .thenComparing(TaskResult::id)
                        .reversed())
                .map(TaskResult::id)
                .toList();
    }

    private static boolean fits(TaskResult task, TaskFilter filter) {
        var at = submittedAt(task);
        return (filter.states().isEmpty() || filter.states().contains(task.state()))
                && (filter.task() == null || filter.task().equals(task.task()))
                && (filter.queue() == null || filter.queue().equals(task.queue()))
                && (filter.schedule() == null
                        || (task.schedule() != null
                                && filter.schedule().equals(task.schedule().name())))
                && task.labels().entrySet().containsAll(filter.labels().entrySet())
                && (filter.from() == null || !at.isBefore(filter.from()))
                && (filter.to() == null || at.isBefore(filter.to()))
                && (filter.text() == null || contains(task, filter.text().toLowerCase(Locale.ROOT)))
                && filter.condition().holds(task);
    }

    private static boolean contains(TaskResult task, String text) {
        return Stream.of(
                        task.id(),
                        task.args().toString(),
                        task.error() == null ? "" : task.error().message())
                .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains(text));
    }

    private static Instant submittedAt(TaskResult task) {
        return java.util.Objects.requireNonNull(task.submittedAt());
    }

    private static List<String> walk(TaskFilter filter, int limit) {
        return walk(filter, limit, reader);
    }

    private static List<String> walk(TaskFilter filter, int limit, TaskResultRepository from) {
        var ids = new ArrayList<String>();
        TaskCursor cursor = null;
        do {
            var page = from.list(new TaskQuery(filter, limit, cursor));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(item -> ids.add(item.id()));
            cursor = page.next();
        } while (cursor != null);
        return ids;
    }

    @Test
    void countsByNameAndState() {
        var from = NOON.plusSeconds(50);
        var to = NOON.plusSeconds(200);

        assertThat(reader.counts(from, to).stream()
                        .collect(Collectors.toMap(count -> count.task() + count.state(), StateCount::count)))
                .isEqualTo(ALL.stream()
                        .filter(task -> !submittedAt(task).isBefore(from)
                                && submittedAt(task).isBefore(to))
                        .collect(Collectors.groupingBy(task -> task.task() + task.state(), Collectors.counting())));
        assertThat(reader.counts(NOON.minusSeconds(9), NOON)).isEmpty();
        assertThat(reader.counts(from, to, 5))
                .as("up to a bound")
                .allSatisfy(count -> assertThat(count.count()).isLessThanOrEqualTo(5))
                .anySatisfy(count -> assertThat(count.exact()).isFalse())
                .filteredOn(count -> !count.exact())
                .allSatisfy(count -> assertThat(count.count()).isEqualTo(5));
    }

    @Test
    void countsTheTasksOfSomeQueues() {
        var from = NOON.plusSeconds(50);
        var to = NOON.plusSeconds(200);
        var queues = ALL.stream().map(TaskResult::queue).distinct().limit(2).toList();

        assertThat(reader.counts(from, to, queues).stream()
                        .collect(Collectors.toMap(count -> count.task() + count.state(), StateCount::count)))
                .isNotEmpty()
                .isEqualTo(ALL.stream()
                        .filter(task -> queues.contains(task.queue())
                                && !submittedAt(task).isBefore(from)
                                && submittedAt(task).isBefore(to))
                        .collect(Collectors.groupingBy(task -> task.task() + task.state(), Collectors.counting())));
        assertThat(reader.countsWithin(queues, new TimeRange(from, to), 1))
                .as("up to a bound")
                .anySatisfy(count -> assertThat(count.exact()).isFalse());
        assertThat(reader.counts(from, to, List.of("nowhere"))).isEmpty();
    }

    @Test
    void groupsTheFailuresOfSomeQueues() {
        var to = NOON.plus(Duration.ofDays(1));
        var queue = ALL.stream()
                .filter(task -> task.error() != null)
                .map(TaskResult::queue)
                .findFirst()
                .orElseThrow();

        assertThat(reader.failures(NOON, to, List.of(queue), null, 500).stream()
                        .mapToLong(FailureGroup::tasks)
                        .sum())
                .isPositive()
                .isEqualTo(ALL.stream()
                        .filter(task -> task.error() != null && task.queue().equals(queue))
                        .count());
        assertThat(reader.failures(NOON, to, List.of("nowhere"), null, 500)).isEmpty();
    }

    @Test
    void groupsFailuresByTypeAndOriginTheMostFrequentFirst() {
        var failures = reader.failures(NOON, NOON.plus(Duration.ofDays(1)), "task.1", 10);

        var expected = ALL.stream()
                .filter(task -> task.task().equals("task.1") && task.error() != null)
                .toList();
        assertThat(failures)
                .extracting(FailureGroup::origin)
                .containsExactlyInAnyOrder("a.C.d(C.java:0)", "a.C.d(C.java:1)");
        assertThat(failures).extracting(FailureGroup::attempts).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(failures.stream().mapToLong(FailureGroup::tasks).sum()).isEqualTo(expected.size());
        for (var failure : failures) {
            var last = reader.find(failure.lastTaskId()).orElseThrow();
            assertThat(last.task()).isEqualTo("task.1");
            assertThat(reader.attempts(last.id()).get(0).finishedAt()).isEqualTo(failure.lastAt());
        }
        assertThat(reader.failures(NOON, NOON.plusSeconds(1), null, 10)).isEmpty();
    }

    @Test
    void childrenAreFoundByTheirParent() {
        var tables = TestData.tables(pool);
        var child = TaskResult.of(
                        Task.named("child")
                                .id("child-1")
                                .parentId("t-1")
                                .submittedAt(NOON.minusSeconds(500))
                                .build(),
                        "default",
                        TaskState.SUCCESS)
                .build();
        new MaterializedResultRepository(pool, tables).write(List.of(change(child)), List.of());

        assertThat(reader.children("t-1")).containsExactly(child);
        JdbcClient.create(pool)
                .sql("DELETE FROM task_result WHERE id = 'child-1'")
                .update();
        assertThat(reader.children("t-1")).isEmpty();
    }

    /** Users build on the views: their columns are part of the contract. */
    @Test
    void theViewsShowEveryRow() {
        var jdbc = JdbcClient.create(pool);
        Map<String, Object> one =
                jdbc.sql("SELECT * FROM v_task_result WHERE id = 't-0'").query().singleRow();

        assertThat(new HashSet<>(one.keySet()))
                .containsExactlyInAnyOrder(
                        "id",
                        "task",
                        "queue",
                        "state",
                        "attempt",
                        "waits_for",
                        "waits_until",
                        "args",
                        "kwargs",
                        "arguments_omitted",
                        "result",
                        "error_type",
                        "error_message",
                        "error_stack_trace",
                        "reason",
                        "winner",
                        "progress",
                        "worker",
                        "task_key",
                        "priority",
                        "labels",
                        "parent_id",
                        "root_id",
                        "group_id",
                        "retry_of",
                        "schedule_name",
                        "schedule_fire_time",
                        "submitted_at",
                        "eta",
                        "started_at",
                        "finished_at",
                        "run_seconds");
        assertThat(jdbc.sql("SELECT COUNT(*) FROM v_task_result")
                        .query(Integer.class)
                        .single())
                .isEqualTo(TASKS);
        assertThat(jdbc.sql("SELECT COUNT(*) FROM v_task_result WHERE waits_for = 'retry'")
                        .query(Long.class)
                        .single())
                .isEqualTo(ALL.stream()
                        .filter(task -> task.state() == TaskState.RETRY)
                        .count());
        assertThat(jdbc.sql("SELECT COUNT(*) FROM v_task_attempt WHERE error_origin = 'a.C.d(C.java:1)'")
                        .query(Long.class)
                        .single())
                .isEqualTo(ALL.stream()
                        .filter(task -> task.error() != null
                                && task.error().stackTrace().contains("java:1)"))
                        .count());
    }
}
