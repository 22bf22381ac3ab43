package io.celeriac.results.query;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.Progress;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Reads tasks from the tables. The tables are a moment behind the topic, so "not found" may also mean "not yet".
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class TaskResultRepository {

    /** The most tasks of one name and state that are counted. */
    public static final int COUNTED_UP_TO = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(TaskResultRepository.class);

    /** Time limit of a query: a query that takes longer has a filter that no index serves. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Time limit of one try of a search. */
    static final Duration SEARCH_PATIENCE = Duration.ofSeconds(3);

    /** The tries of a search: each looks at fewer tasks than the one before, so that one of them ends in time. */
    private static final List<Effort> EFFORTS = List.of(
            new Effort(TaskSearch.WINDOW, false), new Effort(5_000, true), new Effort(500, true), new Effort(50, true));

    private static final String COLUMNS = String.join(", ", ResultColumns.names(ResultColumns.RESULT));
    private static final String IN_THE_LATEST_RUN = "(a.run_at IS NULL OR r.run_at IS NULL"
            + " OR (a.run_at = r.run_at AND COALESCE(a.record_offset, r.record_offset, -1)"
            + " = COALESCE(r.record_offset, a.record_offset, -1)))";
    private static final int MAX_CHILDREN = 1_000;
    private static final long MOST_CHARACTERS = 8 << 20;
    private static final List<String> LARGE = List.of("args", "kwargs", "result", "error_stack_trace");
    private static final int COUNTED_AT_ONCE = 100;
    private static final int ASKED_AT_ONCE = 1_000;

    private final JdbcClient jdbc;
    private final JdbcClient searching;
    private final TransactionTemplate snapshot;
    private final Set<String> indexedArguments;

    /**
     * @param tables proof that the tables are there
     */
    public TaskResultRepository(DataSource database, ResultTables tables) {
        this(database, tables, Set.of(), SEARCH_PATIENCE);
    }

    /**
     * @param tables proof that the tables are there
     * @param indexedArguments paths of the arguments that the materializers index
     * @param patience time limit of one try of a search, before it is tried with a smaller window
     */
    @SuppressWarnings("unused")
    public TaskResultRepository(
            DataSource database, ResultTables tables, Set<String> indexedArguments, Duration patience) {
        jdbc = client(database, PATIENCE);
        searching = client(database, patience);
        snapshot = new TransactionTemplate(new JdbcTransactionManager(database));
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.indexedArguments = Set.copyOf(indexedArguments);
    }

    private static JdbcClient client(DataSource database, Duration patience) {
        var template = new JdbcTemplate(database);
        template.setQueryTimeout((int) Math.max(1, patience.toSeconds()));
        return JdbcClient.create(template);
    }

    /** The task's latest known state. */
    public Optional<TaskResult> find(String id) {
        return jdbc
                .sql("SELECT " + COLUMNS + " FROM task_result WHERE " + TextSql.exactly("id", ":id"))
                .param("id", id)
                .query((row, number) -> ResultRow.read(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The queues of any number of tasks; unknown tasks are absent. */
    public Map<String, String> queues(Collection<String> ids) {
        var queues = new HashMap<String, String>();
        var all = List.copyOf(ids);
        for (int first = 0; first < all.size(); first += ASKED_AT_ONCE) {
            jdbc.sql("SELECT id, queue FROM task_result WHERE id IN (:ids)")
                    .param("ids", all.subList(first, Math.min(all.size(), first + ASKED_AT_ONCE)))
                    .query((RowCallbackHandler) row -> queues.put(row.getString("id"), row.getString("queue")));
        }
        return queues;
    }

    /** The latest known states of any number of tasks; unknown tasks are absent. */
    public Map<String, TaskState> states(Collection<String> ids) {
        var states = new HashMap<String, TaskState>();
        var all = List.copyOf(ids);
        for (int first = 0; first < all.size(); first += ASKED_AT_ONCE) {
            jdbc.sql("SELECT id, state FROM task_result WHERE id IN (:ids)")
                    .param("ids", all.subList(first, Math.min(all.size(), first + ASKED_AT_ONCE)))
                    .query((RowCallbackHandler) row -> {
                        var id = row.getString("id");
                        ResultRow.state(row).ifPresent(state -> states.put(id, state));
                    });
        }
        return states;
    }

    /**
     * A page of tasks. Large tasks make it short: it ends with the task that takes it beyond {@value #MOST_CHARACTERS} characters. A
     * search that the database does not end in time is tried again among fewer tasks; the page is then partial.
     */
    public TaskPage list(TaskQuery query) {
        var plan = new SearchPlan(query.filter(), indexedArguments);
        if (plan.findsNothing()) {
            return new TaskPage(List.of(), null, false, 0);
        }
        var tooSlow = new ArrayList<QueryTimeoutException>();
        for (var effort : EFFORTS) {
            try {
                var search = new TaskSearch(query, plan, effort.window, effort.byIndexAlone);
                return search.hasWindow() ? inOneSnapshot(() -> page(query, search)) : page(query, search);
            } catch (QueryTimeoutException e) {
                LOG.info("a search among {} tasks took too long", effort.window);
                tooSlow.add(e);
            }
        }
        throw tooSlow.get(0);
    }

    /**
     * Rows that enter or leave the window between its statements would move its end: tasks behind the page and before the end would be in
     * no page.
     */
    private TaskPage inOneSnapshot(Supplier<TaskPage> page) {
        return Objects.requireNonNull(snapshot.execute(status -> page.get()));
    }

    /** Finds the ids first, and reads the rows later: a stream of rows that meets its time limit spoils its connection. */
    private TaskPage page(TaskQuery query, TaskSearch search) {
        var places = searching
                .sql(search.page())
                .params(search.values())
                .query((row, number) -> cursor(row))
                .list();
        var wanted = places.subList(0, Math.min(places.size(), query.limit()));
        var rows = rows(wanted);
        var items =
                rows.read.stream().map(Row::result).flatMap(Optional::stream).toList();
        if (rows.areMore) {
            var last = rows.read.get(rows.read.size() - 1).cursor().id();
            return new TaskPage(
                    items,
                    wanted.stream()
                            .filter(place -> place.id().equals(last))
                            .findFirst()
                            .orElseThrow(),
                    false,
                    rows.characters);
        }
        if (places.size() > query.limit()) {
            return new TaskPage(items, wanted.get(wanted.size() - 1), false, rows.characters);
        }
        var next = search.hasWindow() ? endOfWindow(search) : null;
        return new TaskPage(items, next, next != null, rows.characters);
    }

    private Rows rows(List<TaskCursor> places) {
        if (places.isEmpty()) {
            return new Rows(List.of(), false, 0);
        }
        var statement = jdbc.sql("SELECT " + COLUMNS + " FROM task_result WHERE id IN (:ids)"
                        + " ORDER BY submitted_at DESC, id DESC")
                .param("ids", places.stream().map(TaskCursor::id).toList());
        return few(statement, places.size());
    }

    /**
     * Counts the tasks of a filter, no further than asked, and no longer than one try of a search takes. What no index knows is looked for
     * among the newest {@value TaskSearch#WINDOW} tasks that fit otherwise.
     *
     * @param most up to which it counts, at least 1
     * @throws QueryTimeoutException when the database does not end in time
     */
    public BoundedCount count(TaskFilter filter, int most) {
        var plan = new SearchPlan(filter, indexedArguments);
        if (plan.findsNothing()) {
            return new BoundedCount(0, true);
        }
        var search = TaskSearch.counting(plan, most);
        var found = searching
                .sql(search.count())
                .params(search.values())
                .query(Long.class)
                .single();
        var reachedTheEnd = !search.hasWindow() || endOfWindow(search) == null;
        return new BoundedCount(Math.min(found, most), found <= most && reachedTheEnd);
    }

    /** How a search for this filter goes, without running it. */
    public SearchExplanation explain(TaskFilter filter) {
        var plan = new SearchPlan(filter, indexedArguments);
        return new SearchExplanation(plan.index(), plan.hasRest(), plan.unserved());
    }

    /** Reads one row after the other, so that memory holds no more rows than the page. */
    private static Rows few(JdbcClient.StatementSpec statement, int most) {
        return statement.withFetchSize(Integer.MIN_VALUE).query((ResultSetExtractor<Rows>) row -> {
            var read = new ArrayList<Row>();
            var characters = 0L;
            while (row.next()) {
                if (read.size() == most || characters > MOST_CHARACTERS) {
                    return new Rows(read, true, characters);
                }
                read.add(new Row(ResultRow.read(row), cursor(row)));
                for (var column : LARGE) {
                    var text = row.getString(column);
                    characters += text == null ? 0 : text.length();
                }
            }
            return new Rows(read, false, characters);
        });
    }

    private @Nullable TaskCursor endOfWindow(TaskSearch search) {
        return searching
                .sql(search.endOfWindow())
                .params(search.values())
                .query((row, number) -> cursor(row))
                .optional()
                .orElse(null);
    }

    /**
     * The attempts of a task in order; none for a task that has not begun, or is not known. Attempts of an earlier run of the same id are
     * left out.
     */
    public List<TaskAttempt> attempts(String id) {
        return jdbc
                .sql(
                        "SELECT a.attempt, a.state, a.worker, a.started_at, a.finished_at, a.next_attempt_at, a.error_type,"
                                + " a.error_message, a.error_stack_trace, a.error_origin FROM task_attempt a"
                                + " LEFT JOIN task_result r ON r.id = a.task_id WHERE "
                                + TextSql.exactly("a.task_id", ":id")
                                + " AND " + IN_THE_LATEST_RUN + " ORDER BY a.attempt")
                .param("id", id)
                .query((row, number) -> new ResultRow(row).attempt())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** The tasks that a task has emitted, oldest submission first: at most a thousand, or some {@value #MOST_CHARACTERS} characters. */
    public List<TaskResult> children(String id) {
        var statement = jdbc.sql("SELECT " + COLUMNS + " FROM task_result WHERE " + TextSql.exactly("parent_id", ":id")
                        + " ORDER BY submitted_at, id LIMIT " + MAX_CHILDREN)
                .param("id", id);
        return few(statement, MAX_CHILDREN).read.stream()
                .map(Row::result)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Counts the tasks that were submitted in {@code [from, to)}, by name and state, each up to {@link #COUNTED_UP_TO}. */
    public List<StateCount> counts(Instant from, Instant to) {
        return counts(from, to, COUNTED_UP_TO);
    }

    /**
     * The same for some queues. It looks at the latest {@value TaskSearch#WINDOW} tasks of each queue and state.
     *
     * @param queues null for all
     */
    public List<StateCount> counts(Instant from, Instant to, @Nullable Collection<String> queues) {
        return queues == null ? counts(from, to) : countsWithin(queues, new TimeRange(from, to), TaskSearch.WINDOW);
    }

    /** No index has both queue and name, so it reads the names of some tasks of each queue and state. */
    List<StateCount> countsWithin(Collection<String> queues, TimeRange range, int most) {
        var sums = new TreeMap<String, Map<TaskState, Long>>();
        var cut = EnumSet.noneOf(TaskState.class);
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (var queue : queues) {
            if (System.nanoTime() > end) {
                throw new QueryTimeoutException("the counts of " + queues.size() + " queues take too long");
            }
            for (var state : TaskState.values()) {
                var read = new long[1];
                jdbc.sql("SELECT task, COUNT(*) AS tasks FROM (SELECT task FROM task_result WHERE "
                                + TextSql.exactly("queue", ":queue") + " AND state = '" + state + "'"
                                + and(range, "submitted_at")
                                + " ORDER BY submitted_at DESC LIMIT " + (most + 1) + ") c GROUP BY task")
                        .param("queue", queue)
                        .params(range.values())
                        .query((RowCallbackHandler) row -> {
                            read[0] += row.getLong("tasks");
                            sums.computeIfAbsent(row.getString("task"), task -> new EnumMap<>(TaskState.class))
                                    .merge(state, row.getLong("tasks"), Long::sum);
                        });
                if (read[0] > most) {
                    cut.add(state);
                }
            }
        }
        var counts = new ArrayList<StateCount>();
        sums.forEach((task, states) ->
                states.forEach((state, count) -> counts.add(new StateCount(task, state, count, !cut.contains(state)))));
        return counts;
    }

    List<StateCount> counts(Instant from, Instant to, int most) {
        var groups = jdbc
                .sql("SELECT DISTINCT task, state FROM task_result ORDER BY task, state")
                .query((row, number) -> ResultRow.count(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
        var range = new TimeRange(from, to);
        var counts = new ArrayList<StateCount>();
        for (int first = 0; first < groups.size(); first += COUNTED_AT_ONCE) {
            counts.addAll(
                    counted(groups.subList(first, Math.min(groups.size(), first + COUNTED_AT_ONCE)), range, most));
        }
        return counts;
    }

    /** Counts each group by an index range of its own: a join with the groups would read all rows of each group. */
    private List<StateCount> counted(List<StateCount> groups, TimeRange range, int most) {
        var branches = new ArrayList<String>();
        var names = new HashMap<String, Object>();
        for (int number = 0; number < groups.size(); number++) {
            branches.add("SELECT " + number
                    + " AS number, COUNT(*) AS tasks FROM (SELECT 1 FROM task_result WHERE task = :task"
                    + number + " AND state = '" + groups.get(number).state() + "'" + and(range, "submitted_at")
                    + " LIMIT " + (most + 1) + ") c" + number);
            names.put("task" + number, groups.get(number).task());
        }
        return jdbc
                .sql(String.join(" UNION ALL ", branches) + " ORDER BY number")
                .params(names)
                .params(range.values())
                .query((row, line) -> {
                    var group = groups.get(row.getInt("number"));
                    var tasks = row.getLong("tasks");
                    return new StateCount(group.task(), group.state(), Math.min(tasks, most), tasks <= most);
                })
                .list()
                .stream()
                .filter(count -> count.count() > 0)
                .toList();
    }

    /** The attempts that failed in {@code [from, to)}, of all queues. */
    public List<FailureGroup> failures(Instant from, Instant to, @Nullable String task, int limit) {
        return failures(from, to, null, task, limit);
    }

    /**
     * The attempts that failed in {@code [from, to)}, by task name, type and origin of the error, the most frequent first.
     *
     * @param queues of the tasks, whose rows must still be there; null for all
     * @param task name of the handler; null for any
     * @param limit most groups
     */
    public List<FailureGroup> failures(
            Instant from, Instant to, @Nullable Collection<String> queues, @Nullable String task, int limit) {
        var range = new TimeRange(from, to);
        var names = new HashMap<String, Object>();
        var within = queues == null
                ? ""
                : " JOIN task_result r ON r.id = a.task_id AND " + IN_THE_LATEST_RUN + " AND "
                        + TextSql.anyOf("r.queue", "queue", queues, names);
        return jdbc.sql("""
                        SELECT a.task, a.error_type, a.error_origin, COUNT(*) AS attempts,
                            COUNT(DISTINCT a.task_id) AS tasks,
                            MIN(a.finished_at) AS first_at, MAX(a.finished_at) AS last_at,
                            SUBSTRING_INDEX(GROUP_CONCAT(a.task_id ORDER BY a.finished_at DESC), ',', 1) AS last_task_id
                        FROM task_attempt a
                        """
                        + within
                        + " WHERE a.state IN ('FAILURE', 'RETRY') AND a.finished_at IS NOT NULL"
                        + and(range, "a.finished_at")
                        + (task == null ? "" : " AND " + TextSql.exactly("a.task", ":task"))
                        + " GROUP BY a.task, a.error_type, a.error_origin ORDER BY attempts DESC, last_at DESC LIMIT "
                        + limit)
                .params(range.values())
                .params(names)
                .param("task", task)
                .query((row, number) -> new ResultRow(row).failures())
                .list();
    }

    private static String and(TimeRange range, String column) {
        return range.conditions(column).stream()
                .map(condition -> " AND " + condition)
                .collect(joining());
    }

    /** The number of tasks by the server's statistics. */
    /** The tasks that retry a task, the latest submission first: at most a thousand, or some {@value #MOST_CHARACTERS} characters. */
    public List<TaskResult> retries(String id) {
        var statement = jdbc.sql("SELECT " + COLUMNS + " FROM task_result WHERE " + TextSql.exactly("retry_of", ":id")
                        + " ORDER BY submitted_at DESC, id LIMIT " + MAX_CHILDREN)
                .param("id", id);
        return few(statement, MAX_CHILDREN).read.stream()
                .map(Row::result)
                .flatMap(Optional::stream)
                .toList();
    }

    public long roughCount() {
        return jdbc.sql("SELECT COALESCE(MAX(table_rows), 0) FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND table_name = 'task_result'")
                .query(Long.class)
                .single();
    }

    /** The offset before which all of a partition is in the tables; empty while nothing is. */
    public Optional<Long> nextOffset(TopicPartition partition) {
        return jdbc.sql(
                        "SELECT next_offset FROM materialized_offset WHERE topic = :topic AND record_partition = :partition")
                .param("topic", partition.topic())
                .param("partition", partition.partition())
                .query(Long.class)
                .optional();
    }

    private static TaskCursor cursor(ResultSet row) throws SQLException {
        return new TaskCursor(row.getObject("submitted_at", LocalDateTime.class), row.getString("id"));
    }

    private record Effort(int window, boolean byIndexAlone) {}

    private record Row(Optional<TaskResult> result, TaskCursor cursor) {}

    private record Rows(List<Row> read, boolean areMore, long characters) {}

    /**
     * Reads a row of {@code task_result} back: the inverse of {@link ResultColumns}. A row that cannot be read is left out; a value that
     * cannot be read is not shown. Somebody else or a later version may have written them; they do not hide the other rows.
     */
    private static final class ResultRow {

        private static final TypeReference<List<JsonNode>> NODES = new TypeReference<>() {};
        private static final TypeReference<Map<String, JsonNode>> NAMED_NODES = new TypeReference<>() {};
        private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
        private static final TypeReference<List<String>> IDS = new TypeReference<>() {};

        private final ResultSet row;

        private ResultRow(ResultSet row) {
            this.row = row;
        }

        /** To be called once a row. */
        static Optional<TaskResult> read(ResultSet row) throws SQLException {
            try {
                return state(row).isPresent() ? Optional.of(new ResultRow(row).result()) : Optional.empty();
            } catch (RuntimeException e) {
                LOG.warn("the row of task {} cannot be read and is left out", row.getString("id"), e);
                return Optional.empty();
            }
        }

        static Optional<TaskState> state(ResultSet row) throws SQLException {
            return word(TaskState.class, row.getString("state"));
        }

        static Optional<StateCount> count(ResultSet row) throws SQLException {
            var task = row.getString("task");
            return state(row).map(state -> new StateCount(task, state, 0, true));
        }

        private static <E extends Enum<E>> Optional<E> word(Class<E> type, @Nullable String word) {
            var found = Arrays.stream(type.getEnumConstants())
                    .filter(one -> one.name().equals(word))
                    .findFirst();
            if (found.isEmpty() && word != null) {
                LOG.warn("{} is not a {} that this version knows", word, type.getSimpleName());
            }
            return found;
        }

        private TaskResult result() throws SQLException {
            return new TaskResult(
                    row.getString("id"),
                    row.getString("task"),
                    row.getString("queue"),
                    TaskState.valueOf(row.getString("state")),
                    row.getInt("attempt"),
                    row.getLong("revision"),
                    json("args", NODES, List.of()),
                    json("kwargs", NAMED_NODES, Map.of()),
                    row.getBoolean("arguments_omitted"),
                    node("result"),
                    error(),
                    reason(),
                    progress(),
                    row.getString("worker"),
                    row.getObject("record_partition", Integer.class),
                    row.getObject("record_offset", Long.class),
                    row.getString("task_key"),
                    row.getInt("priority"),
                    json("labels", TEXTS, Map.of()),
                    row.getString("parent_id"),
                    row.getString("root_id"),
                    row.getString("group_id"),
                    row.getString("retry_of"),
                    row.getString("winner"),
                    firing(),
                    instant("submitted_at"),
                    instant("eta"),
                    instant("started_at"),
                    instant("finished_at"),
                    instant("next_attempt_at"),
                    json("children", IDS, List.of()));
        }

        Optional<TaskAttempt> attempt() throws SQLException {
            var state = state(row);
            return state.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TaskAttempt(
                            row.getInt("attempt"),
                            state.get(),
                            row.getString("worker"),
                            instant("started_at"),
                            instant("finished_at"),
                            instant("next_attempt_at"),
                            error(),
                            row.getString("error_origin")));
        }

        FailureGroup failures() throws SQLException {
            return new FailureGroup(
                    row.getString("task"),
                    String.valueOf(row.getString("error_type")),
                    row.getString("error_origin"),
                    row.getLong("attempts"),
                    row.getLong("tasks"),
                    Objects.requireNonNull(instant("first_at")),
                    Objects.requireNonNull(instant("last_at")),
                    row.getString("last_task_id"));
        }

        private <T> T json(String column, TypeReference<T> type, T empty) throws SQLException {
            return value(column, text -> TaskJson.MAPPER.readValue(text, type)).orElse(empty);
        }

        private @Nullable JsonNode node(String column) throws SQLException {
            return value(column, TaskJson.MAPPER::readTree).orElse(null);
        }

        private <T> Optional<T> value(String column, Function<String, T> reader) throws SQLException {
            var text = row.getString(column);
            try {
                return Optional.ofNullable(text).map(reader);
            } catch (JacksonException e) {
                LOG.warn("column {} of task {} cannot be read: {}", column, row.getString("id"), e.getMessage());
                return Optional.empty();
            }
        }

        private @Nullable TaskError error() throws SQLException {
            var type = row.getString("error_type");
            return type == null
                    ? null
                    : new TaskError(type, row.getString("error_message"), row.getString("error_stack_trace"));
        }

        private @Nullable RevokeReason reason() throws SQLException {
            return word(RevokeReason.class, row.getString("reason")).orElse(null);
        }

        private @Nullable Progress progress() throws SQLException {
            return value("progress", text -> TaskJson.MAPPER.readValue(text, Progress.class))
                    .orElse(null);
        }

        private @Nullable Firing firing() throws SQLException {
            var name = row.getString("schedule_name");
            var fireTime = instant("schedule_fire_time");
            return name == null || fireTime == null ? null : new Firing(name, fireTime);
        }

        private @Nullable Instant instant(String column) throws SQLException {
            var utc = row.getObject(column, LocalDateTime.class);
            return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
        }
    }
}
