package io.celeriac.bench.rows;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.task.TaskState;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a measurement wants to know of the tables, and to set up in them, beyond what the product asks. */
public final class TablesRepository {

    /**
     * The tasks of one name that are in one state.
     *
     * @param count how many
     */
    public record Group(String task, TaskState state, long count) {}

    /** What a task that waits has in place of what its worker would say. */
    private static final Map<String, String> PENDING = Map.of(
            "state", "'PENDING'",
            "attempt", "0",
            "revision", "0",
            "result", "NULL",
            "worker", "NULL",
            "started_at", "NULL",
            "finished_at", "NULL");

    private final JdbcTemplate jdbc;
    private final JdbcClient client;

    public TablesRepository(DataSource database) {
        jdbc = new JdbcTemplate(database);
        client = JdbcClient.create(jdbc);
    }

    public String serverVersion() {
        return one("SELECT SUBSTRING_INDEX(VERSION(), '-', 1)", String.class);
    }

    /** How many records of a topic are in the tables. */
    public long written(String topic) {
        return one(
                "SELECT COALESCE(SUM(next_offset), 0) FROM materialized_offset WHERE topic = '" + topic + "'",
                Long.class);
    }

    /** Exactly, which takes a while where there are many. */
    public long count(String table) {
        return one("SELECT COUNT(*) FROM " + table, Long.class);
    }

    /** Adds the tasks of another schema as they were before they ran. */
    public void addPendingOf(String schema) {
        var columns = jdbc.queryForList(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
                        + " AND table_name = 'task_result' ORDER BY ordinal_position",
                String.class);
        jdbc.update("INSERT INTO task_result (" + String.join(", ", columns) + ") SELECT "
                + columns.stream()
                        .map(column -> PENDING.getOrDefault(column, column))
                        .collect(joining(", "))
                + " FROM " + schema + ".task_result ORDER BY id");
    }

    public List<Group> groups() {
        return jdbc.query(
                "SELECT task, state, COUNT(*) AS tasks FROM task_result GROUP BY task, state",
                (row, number) -> new Group(
                        row.getString("task"), TaskState.valueOf(row.getString("state")), row.getLong("tasks")));
    }

    /** Has the server write to its files what it has changed in memory, faster than its default of 200 pages a second. */
    public void flush() {
        jdbc.execute("SET GLOBAL innodb_io_capacity_max = 20000");
        jdbc.execute("SET GLOBAL innodb_io_capacity = 20000");
        jdbc.execute("SET GLOBAL innodb_max_dirty_pages_pct = 0");
    }

    /** From now on it does so when and as it likes. */
    public void flushAtLeisure() {
        jdbc.execute("SET GLOBAL innodb_max_dirty_pages_pct = DEFAULT");
        jdbc.execute("SET GLOBAL innodb_io_capacity = 200");
        jdbc.execute("SET GLOBAL innodb_io_capacity_max = 2000");
    }

    /** Pages of 16 KB that {@link #flush} has still before it. */
    public long dirtyPages() {
        return one(
                "SELECT variable_value FROM information_schema.global_status"
                        + " WHERE variable_name = 'innodb_buffer_pool_pages_dirty'",
                Long.class);
    }

    /** How many rows of tables, or entries of indexes, all statements have read since the server started. */
    public long rowsRead() {
        return one(
                "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'rows_read'",
                Long.class);
    }

    /** How many questions (SELECT) all programs have asked since the server started. This one does not count. */
    public long selects() {
        return client.sql("SHOW GLOBAL STATUS LIKE 'Com_select'")
                .query((row, number) -> row.getLong("Value"))
                .single();
    }

    /** The id of a task in a state, the latest. */
    public String latest(TaskState state) {
        return one(
                "SELECT id FROM task_result WHERE state = '" + state.name() + "' ORDER BY submitted_at DESC LIMIT 1",
                String.class);
    }

    /** How much the tables and their indexes take, in bytes. */
    public long size() {
        return one(
                "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE()",
                Long.class);
    }

    public void drop(String schema) {
        jdbc.execute("DROP DATABASE " + schema);
    }

    private <T> T one(String sql, Class<T> type) {
        return client.sql(sql).query(type).single();
    }
}
