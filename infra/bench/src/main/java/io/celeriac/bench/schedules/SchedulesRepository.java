package io.celeriac.bench.schedules;

import io.celeriac.bench.subject.FullWorkerApplication;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the measurement writes into the tables of schedules, and wants to know of them and of their server. */
final class SchedulesRepository {

    /** Of a second: the server counts CPU time so, whatever its manual says. */
    private static final double TICKS = 1e7;

    private static final Duration FAR = Duration.ofDays(365);

    /** What a person may write. */
    private static final String COLUMNS = "id, name, task, args, kind, spec, start_at";

    /** Ids in no order, as random ones would be, and the rows in the order of the ids. */
    private static final String ROWS = """
            SELECT INSERT(INSERT(INSERT(INSERT(MD5(seq), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-') AS id,
              CONCAT('bench-', seq) AS name, :task AS task, '[1]' AS args, 'interval' AS kind,
              IF(seq < :active, :every, :far) AS spec,
              IF(seq < :active, :begin + INTERVAL seq * :step MICROSECOND, :begin + INTERVAL 30 DAY + INTERVAL seq SECOND) AS start_at
            FROM seq_0_to_""";

    /** What a program writes beside that, so that the table takes a row for one that is planned. */
    private static final String PLANNED_COLUMNS = "next_fire_at, next_due_at, planned_rule, planned_start_at";

    private static final String PLANNED = "start_at, start_at, CONCAT(kind, ' UTC ', spec, ' '), start_at";

    private final JdbcClient jdbc;

    SchedulesRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
    }

    String serverVersion() {
        return jdbc.sql("SELECT SUBSTRING_INDEX(VERSION(), '-', 1)")
                .query(String.class)
                .single();
    }

    /** Writes schedules as the programs would have done. */
    void insertPlanned(Fleet fleet) {
        insert(fleet, COLUMNS + ", " + PLANNED_COLUMNS, "*, " + PLANNED);
        var unplanned = unplanned();
        if (unplanned > 0) {
            throw new IllegalStateException(unplanned + " schedules are not taken for planned: " + PLANNED_COLUMNS
                    + " are no longer what the programs write");
        }
    }

    /** Writes schedules as a person would by SQL. */
    void insertUnplanned(Fleet fleet) {
        insert(fleet, COLUMNS, "*");
    }

    private void insert(Fleet fleet, String columns, String values) {
        var rows = ROWS + (fleet.schedules() - 1) + " ORDER BY id";
        jdbc.sql("INSERT INTO schedule (" + columns + ") SELECT " + values + " FROM (" + rows + ") AS numbered")
                .param("task", FullWorkerApplication.NOOP)
                .param("active", fleet.active())
                .param("every", spec(fleet.every()))
                .param("far", spec(FAR))
                .param("begin", utc(fleet.begin()))
                .param("step", fleet.step().toNanos() / 1_000)
                .update();
    }

    private static String spec(Duration every) {
        return "{\"every\":\"" + every + "\"}";
    }

    /** How many rows a scheduler has still to work out the next firing of. */
    long unplanned() {
        return jdbc.sql("SELECT COUNT(*) FROM schedule WHERE due_at = TIMESTAMP'1970-01-01 00:00:00'")
                .query(Long.class)
                .single();
    }

    /** Pages of 16 KB that the server has changed in memory only. */
    long dirtyPages() {
        return status("innodb_buffer_pool_pages_dirty");
    }

    private long status(String variable) {
        return jdbc.sql("SELECT variable_value FROM information_schema.global_status WHERE variable_name = :name")
                .param("name", variable)
                .query(Long.class)
                .single();
    }

    /** Has the server write its pages now, faster than its default of 200 a second, or from now on at its leisure. */
    void flush(boolean now) {
        jdbc.sql("SET GLOBAL innodb_io_capacity_max = " + (now ? 20_000 : 2_000))
                .update();
        jdbc.sql("SET GLOBAL innodb_io_capacity = " + (now ? 20_000 : 200)).update();
        jdbc.sql("SET GLOBAL innodb_max_dirty_pages_pct = " + (now ? "0" : "DEFAULT"))
                .update();
    }

    /** A user for one program, so that the server can tell what it has done for whom. */
    void createUser(String name) {
        jdbc.sql("CREATE USER IF NOT EXISTS '" + name + "'@'127.0.0.1' IDENTIFIED BY '" + name + "'")
                .update();
        jdbc.sql("GRANT ALL ON *.* TO '" + name + "'@'127.0.0.1'").update();
    }

    /**
     * What the server has done for a user.
     *
     * @param statements that it has executed
     * @param cpuSeconds spent on them by the user's connections
     */
    record Served(long statements, double cpuSeconds) {

        static final Served NOTHING = new Served(0, 0);

        Served since(Served before) {
            return new Served(statements - before.statements, cpuSeconds - before.cpuSeconds);
        }
    }

    Served served(String user) {
        return jdbc.sql("SELECT select_commands + update_commands + other_commands AS statements,"
                        + " cpu_time AS cpu_ticks"
                        + " FROM information_schema.user_statistics WHERE user = :user")
                .param("user", user)
                .query((row, number) -> new Served(row.getLong("statements"), row.getDouble("cpu_ticks") / TICKS))
                .optional()
                .orElse(Served.NOTHING);
    }

    /** Runs of a kind that were decided in a time, each of those counted that one row stands for. */
    long runs(String kind, Instant from, Instant to) {
        return jdbc.sql("SELECT COALESCE(SUM(firing_count), 0) FROM schedule_firing"
                        + " WHERE kind = :kind AND emitted_at >= :from AND emitted_at < :to")
                .param("kind", kind)
                .param("from", utc(from))
                .param("to", utc(to))
                .query(Long.class)
                .single();
    }

    /** How many batches of runs were decided in a time: each has one moment for all of its lines. */
    long batches(Instant from, Instant to) {
        return jdbc.sql("SELECT COUNT(DISTINCT emitted_at) FROM schedule_firing"
                        + " WHERE emitted_at >= :from AND emitted_at < :to")
                .param("from", utc(from))
                .param("to", utc(to))
                .query(Long.class)
                .single();
    }

    /**
     * A line of the history.
     *
     * @param taskId empty for a run that was skipped
     */
    record Line(int schedule, Instant fireTime, String taskId) {}

    /** The history of the runs that were due in a time. */
    List<Line> history(Instant from, Instant to) {
        return jdbc.sql("SELECT name, fire_time, COALESCE(task_id, '') AS task_id FROM schedule_firing"
                        + " JOIN schedule ON id = schedule_id WHERE fire_time >= :from AND fire_time < :to")
                .param("from", utc(from))
                .param("to", utc(to))
                .query((row, number) -> new Line(
                        Fleet.schedule(row.getString("name")),
                        row.getObject("fire_time", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                        row.getString("task_id")))
                .list();
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    void drop(String schema) {
        jdbc.sql("DROP DATABASE " + schema).update();
    }
}
