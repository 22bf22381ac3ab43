package io.celeriac.results.count;

import static java.util.stream.Collectors.joining;

import io.celeriac.results.count.CountedTasks.Group;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the counters. Its cost grows with the minutes of the span, or the hours if it is long, and with the queues and names of tasks in
 * them.
 *
 * <p>It throws {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class CountRepository {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** As doubles, which are exact up to 2^53. The server adds up integers as decimals, which takes many times as long. */
    private static final String SUMS = Stream.concat(
                    Stream.of("tasks", "run_ms", "wait_ms"),
                    Stream.of("run", "wait")
                            .flatMap(name -> IntStream.range(0, DurationScale.BUCKETS)
                                    .mapToObj(bucket -> CountChanges.column(name, bucket))))
            .map(column -> "SUM(0e0 + " + column + ") AS " + column)
            .collect(joining(", "));

    /** The last minute that the columns hold. */
    private static final LocalDateTime LATEST = LocalDateTime.of(9999, 12, 31, 23, 59);

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public CountRepository(DataSource database, ResultTables tables) {
        var template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
    }

    /** Counts a span of time. The counters are read once, or twice for a grouped question: most of the cost is reading. */
    public CountedTasks count(CountQuery query) {
        var span = Duration.between(query.from(), query.to());
        var total = new EndedTasks.Sum();
        var bySteps = new HashMap<String, EndedTasks.Sum>();
        for (var stretch : query.stretchesOfSteps()) {
            each(
                    query,
                    stretch,
                    "TIMESTAMPDIFF(MINUTE, :begin, " + stretch.counters().time() + ") DIV "
                            + query.step().toMinutes() + " AS step",
                    "step",
                    row -> {
                        add(row, total);
                        add(row, sum(bySteps, row.getString("step")));
                    });
        }
        var steps = IntStream.range(0, query.steps())
                .mapToObj(step -> sum(bySteps, String.valueOf(step)).over(query.step()))
                .toList();
        var byQueues = new HashMap<String, EndedTasks.Sum>();
        var byTasks = new HashMap<String, EndedTasks.Sum>();
        if (query.grouped()) {
            for (var stretch : query.stretches()) {
                each(query, stretch, "queue, task", "queue, task", row -> {
                    add(row, sum(byQueues, row.getString("queue")));
                    add(row, sum(byTasks, row.getString("task")));
                });
            }
        }
        return new CountedTasks(total.over(span), steps, groups(byQueues, span), groups(byTasks, span));
    }

    private static EndedTasks.Sum sum(Map<String, EndedTasks.Sum> sums, String name) {
        return sums.computeIfAbsent(name, first -> new EndedTasks.Sum());
    }

    private static List<Group> groups(Map<String, EndedTasks.Sum> sums, Duration span) {
        return sums.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, EndedTasks.Sum>>comparingLong(
                                group -> -group.getValue().ended())
                        .thenComparingLong(group -> -group.getValue().submitted())
                        .thenComparing(Map.Entry::getKey))
                .limit(CountedTasks.MOST_GROUPS)
                .map(group -> new Group(group.getKey(), group.getValue().over(span)))
                .toList();
    }

    /**
     * Adds up the counters of each group.
     *
     * @param columns of a group, as they are selected
     * @param names of these columns
     */
    private void each(CountQuery query, Stretch stretch, String columns, String names, RowCallbackHandler row) {
        var queues = new HashMap<String, Object>();
        var time = stretch.counters().time();
        jdbc.sql("SELECT " + columns + ", state, " + SUMS + " FROM "
                        + stretch.counters().table() + " WHERE " + time + " >= :from AND " + time + " < :to"
                        + (query.queues() == null
                                ? ""
                                : " AND " + TextSql.anyOf("queue", "queue", query.queues(), queues))
                        + (query.task() == null ? "" : " AND " + TextSql.exactly("task", ":task"))
                        + " GROUP BY " + names + ", state")
                .param("begin", utc(query.from()))
                .param("from", utc(stretch.from()))
                .param("to", utc(stretch.to()))
                .params(queues)
                .param("task", query.task())
                .query(row);
    }

    private static void add(ResultSet row, EndedTasks.Sum sum) throws SQLException {
        sum.add(row.getString("state"), row.getLong("tasks"));
        sum.run().addMillis(row.getLong("run_ms"));
        sum.waited().addMillis(row.getLong("wait_ms"));
        for (var bucket = 0; bucket < DurationScale.BUCKETS; bucket++) {
            sum.run().addBucket(bucket, row.getLong(CountChanges.column("run", bucket)));
            sum.waited().addBucket(bucket, row.getLong(CountChanges.column("wait", bucket)));
        }
    }

    private static LocalDateTime utc(Instant instant) {
        var utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return utc.isAfter(LATEST) ? LATEST : utc;
    }
}
