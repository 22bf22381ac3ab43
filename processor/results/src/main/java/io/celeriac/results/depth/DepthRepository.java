package io.celeriac.results.depth;

import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps how full the queues are, one row for each queue and minute.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class DepthRepository {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The first program of a minute writes the row. Others add what it did not know. */
    private static final String WRITE =
            "INSERT INTO queue_depth (queue, minute, ready, parked, running, oldest_ready_ms)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE ready = COALESCE(ready, VALUES(ready)),"
                    + " parked = COALESCE(parked, VALUES(parked)), running = COALESCE(running, VALUES(running)),"
                    + " oldest_ready_ms = COALESCE(oldest_ready_ms, VALUES(oldest_ready_ms))";

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public DepthRepository(DataSource database, ResultTables tables) {
        template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
    }

    /**
     * Writes a minute. Several programs may write the same minute: it stays one row for each queue.
     *
     * @param samples by the name of the queue
     */
    public void write(Instant at, Map<String, DepthSample> samples) {
        var minute = utc(at.truncatedTo(ChronoUnit.MINUTES));
        template.batchUpdate(
                WRITE,
                new TreeMap<>(samples) // all programs lock the rows in the same order
                        .entrySet().stream()
                                .map(sample -> row(sample.getKey(), minute, sample.getValue()))
                                .toList());
    }

    @SuppressWarnings("NullAway") // a column may be NULL
    private static Object[] row(String queue, LocalDateTime minute, DepthSample sample) {
        return new Object[] {
            queue,
            minute,
            sample.ready(),
            sample.parked(),
            sample.running(),
            sample.oldestReady() == null ? null : sample.oldestReady().toMillis()
        };
    }

    /**
     * How full a queue was in each step: the greatest number of its minutes, and unknown where nobody looked.
     *
     * @param from a whole minute
     * @param step whole minutes
     * @param steps how many
     */
    public List<DepthSample> read(String queue, Instant from, Duration step, int steps) {
        var found = new HashMap<Integer, DepthSample>();
        jdbc.sql("SELECT TIMESTAMPDIFF(MINUTE, :from, minute) DIV " + step.toMinutes() + " AS step,"
                        + " MAX(ready) AS ready, MAX(parked) AS parked, MAX(running) AS running,"
                        + " MAX(oldest_ready_ms) AS oldest_ready_ms FROM queue_depth WHERE "
                        + TextSql.exactly("queue", ":queue") + " AND minute >= :from AND minute < :to GROUP BY step")
                .param("queue", queue)
                .param("from", utc(from))
                .param("to", utc(from.plus(step.multipliedBy(steps))))
                .query((RowCallbackHandler) row -> found.put(row.getInt("step"), sample(row)));
        return IntStream.range(0, steps)
                .mapToObj(at -> found.getOrDefault(at, DepthSample.UNKNOWN))
                .toList();
    }

    /**
     * The queues that had the most ready tasks at once, the deepest first.
     *
     * @param queues only these; null for all
     * @param from a whole minute
     * @param to the minute after the last
     * @param most how many queues
     */
    public List<String> deepest(@Nullable Set<String> queues, Instant from, Instant to, int most) {
        if (queues != null && queues.isEmpty()) {
            return List.of();
        }
        var asked = jdbc.sql(
                        "SELECT queue FROM queue_depth WHERE minute >= :from AND minute < :to AND ready IS NOT NULL"
                                + (queues == null ? "" : " AND queue IN (:queues)")
                                + " GROUP BY queue ORDER BY MAX(ready) DESC, queue LIMIT " + most)
                .param("from", utc(from))
                .param("to", utc(to));
        return (queues == null ? asked : asked.param("queues", queues))
                .query(String.class)
                .list();
    }

    private static DepthSample sample(ResultSet row) throws SQLException {
        var oldest = number(row, "oldest_ready_ms");
        return new DepthSample(
                number(row, "ready"),
                number(row, "parked"),
                number(row, "running"),
                oldest == null ? null : Duration.ofMillis(oldest));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        return row.getObject(column, Long.class);
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
