package io.celeriac.results;

import io.celeriac.contract.TaskResult;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

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
}
