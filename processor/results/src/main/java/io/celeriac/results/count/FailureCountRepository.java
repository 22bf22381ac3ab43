package io.celeriac.results.count;

import static java.util.stream.Collectors.joining;

import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the counters of failed tasks. Its cost grows with the minutes of the span, or the hours if it is long, and with the kinds of
 * failures in them; not with the tasks.
 *
 * <p>It throws {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class FailureCountRepository {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public FailureCountRepository(DataSource database, ResultTables tables) {
        var template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
    }

    /** Failures by task, type and origin of the error, the most frequent first. */
    public List<FailedTasks> failures(FailureQuery query) {
        var found = new LinkedHashMap<List<String>, FailedTasks>();
        for (var group : groups(query)) {
            found.merge(
                    Arrays.asList(group.task(), group.errorType(), String.valueOf(group.origin())),
                    group,
                    FailedTasks::plus);
        }
        return found.values().stream()
                .filter(group -> group.tasks() > 0)
                .sorted(Comparator.comparingLong(FailedTasks::tasks)
                        .thenComparing(FailedTasks::lastAt)
                        .reversed())
                .toList();
    }

    /** How many tasks failed. */
    public long count(FailureQuery query) {
        return Math.max(0, groups(query).stream().mapToLong(FailedTasks::tasks).sum());
    }

    private List<FailedTasks> groups(FailureQuery query) {
        var values = new HashMap<String, Object>();
        var conditions =
                (query.queues() == null ? "" : " AND " + TextSql.anyOf("queue", "queue", query.queues(), values))
                        + (query.task() == null ? "" : " AND " + TextSql.exactly("task", ":task"))
                        + (query.errorType() == null ? "" : " AND " + TextSql.exactly("error_type", ":type"));
        var stretches = query.stretches();
        return jdbc.sql(IntStream.range(0, stretches.size())
                        .mapToObj(at -> {
                            var stretch = stretches.get(at);
                            values.put("from" + at, utc(stretch.from()));
                            values.put("to" + at, utc(stretch.to()));
                            return select(stretch.counters(), at) + conditions
                                    + " GROUP BY task, error_type, error_origin";
                        })
                        .collect(joining(" UNION ALL ")))
                .params(values)
                .param("task", query.task())
                .param("type", query.errorType())
                .query((row, number) -> new FailedTasks(
                        row.getString("task"),
                        row.getString("error_type"),
                        row.getString("error_origin"),
                        row.getLong("tasks"),
                        row.getObject("last_at", LocalDateTime.class).toInstant(ZoneOffset.UTC)))
                .list();
    }

    private static String select(Stretch.Counters counters, int at) {
        var time = counters.time();
        return "SELECT task, error_type, error_origin, SUM(tasks) AS tasks, MAX(last_at) AS last_at FROM "
                + counters.failures() + " WHERE " + time + " >= :from" + at + " AND " + time + " < :to" + at;
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
