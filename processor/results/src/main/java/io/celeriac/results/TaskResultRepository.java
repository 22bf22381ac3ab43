package io.celeriac.results;

import io.celeriac.contract.Firing;
import io.celeriac.contract.Progress;
import io.celeriac.contract.RevokeReason;
import io.celeriac.contract.TaskError;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.TaskResult;
import io.celeriac.contract.TaskState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * What is known of tasks. It is a moment behind the topic, and a task shows up here only once it was written, so that
 * "not found" may also mean "not yet".
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is not there.
 */
public final class TaskResultRepository {

    private static final String SELECT =
            "SELECT " + String.join(", ", ResultColumns.names(ResultColumns.RESULT)) + " FROM task_result";

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public TaskResultRepository(DataSource database, ResultTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /** The task's latest known state. */
    public Optional<TaskResult> find(String id) {
        return jdbc.sql(SELECT + " WHERE id = :id")
                .param("id", id)
                .query((row, number) -> ResultRow.read(row))
                .optional();
    }

    /** A page of tasks, newest submission first. */
    public TaskPage list(TaskQuery query) {
        var conditions = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        equal("state", query.state() == null ? null : query.state().name(), conditions, values);
        equal("task", query.task(), conditions, values);
        equal("queue", query.queue(), conditions, values);
        if (query.after() != null) {
            // the first half alone would do for the index, the second settles ties
            conditions.add("submitted_at <= :at AND (submitted_at < :at OR id < :lastId)");
            values.put("at", query.after().submittedAt());
            values.put("lastId", query.after().id());
        }
        var where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        var rows = jdbc.sql(SELECT + where + " ORDER BY submitted_at DESC, id DESC LIMIT " + (query.limit() + 1))
                .params(values)
                .query((row, number) -> new Row(ResultRow.read(row), cursor(row)))
                .list();
        return page(rows, query.limit());
    }

    private static TaskPage page(List<Row> rows, int limit) {
        var items = rows.stream().limit(limit).map(Row::result).toList();
        return new TaskPage(items, rows.size() > limit ? rows.get(limit - 1).cursor() : null);
    }

    private static void equal(
            String column, @Nullable String value, List<String> conditions, Map<String, Object> values) {
        if (value != null) {
            conditions.add(column + " = :" + column);
            values.put(column, value);
        }
    }

    private static Cursor cursor(ResultSet row) throws SQLException {
        return new Cursor(row.getObject("submitted_at", LocalDateTime.class), row.getString("id"));
    }

    private record Row(TaskResult result, Cursor cursor) {}

    /** Reads a row of {@code task_result} back: the other way of {@link ResultColumns}. */
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
        static TaskResult read(ResultSet row) throws SQLException {
            return new ResultRow(row).result();
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
                    firing(),
                    instant("submitted_at"),
                    instant("eta"),
                    instant("started_at"),
                    instant("finished_at"),
                    instant("next_attempt_at"),
                    json("children", IDS, List.of()));
        }

        private <T> T json(String column, TypeReference<T> type, T empty) throws SQLException {
            var text = row.getString(column);
            return text == null ? empty : TaskJson.MAPPER.readValue(text, type);
        }

        private @Nullable JsonNode node(String column) throws SQLException {
            var text = row.getString(column);
            return text == null ? null : TaskJson.MAPPER.readTree(text);
        }

        private @Nullable TaskError error() throws SQLException {
            var type = row.getString("error_type");
            return type == null
                    ? null
                    : new TaskError(type, row.getString("error_message"), row.getString("error_stack_trace"));
        }

        private @Nullable RevokeReason reason() throws SQLException {
            var name = row.getString("reason");
            return name == null ? null : RevokeReason.valueOf(name);
        }

        private @Nullable Progress progress() throws SQLException {
            var text = row.getString("progress");
            return text == null ? null : TaskJson.MAPPER.readValue(text, Progress.class);
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
