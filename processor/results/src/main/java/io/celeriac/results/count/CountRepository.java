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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the counters. Its cost grows with the minutes of the span, and with the queues and names of tasks that ended in them.
 *
 * <p>It throws {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class CountRepository {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String SUMS = Stream.concat(
                    Stream.of("tasks", "run_ms", "wait_ms"),
                    Stream.of("run", "wait")
                            .flatMap(name -> IntStream.range(0, DurationScale.BUCKETS)
                                    .mapToObj(bucket -> CountChanges.column(name, bucket))))
            .map(column -> "SUM(" + column + ") AS " + column)
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

    /** What ended in a span of time. */
    public CountedTasks count(CountQuery query) {
        var bySteps = sums(
                query,
                "TIMESTAMPDIFF(MINUTE, :from, minute) DIV " + query.step().toMinutes());
        var steps = new ArrayList<EndedTasks>();
        for (var step = 0; step < query.steps(); step++) {
            steps.add(bySteps.getOrDefault(String.valueOf(step), new EndedTasks.Sum())
                    .over(query.step()));
        }
        var span = Duration.between(query.from(), query.to());
        var total = sums(query, "'all'").getOrDefault("all", new EndedTasks.Sum());
        return new CountedTasks(total.over(span), steps, groups(query, "queue", span), groups(query, "task", span));
    }

    private List<Group> groups(CountQuery query, String column, Duration span) {
        return sums(query, column).entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, EndedTasks.Sum>>comparingLong(
                                group -> -group.getValue().tasks())
                        .thenComparing(Map.Entry::getKey))
                .limit(CountedTasks.MOST_GROUPS)
                .map(group -> new Group(group.getKey(), group.getValue().over(span)))
                .toList();
    }

    private Map<String, EndedTasks.Sum> sums(CountQuery query, String group) {
        var sums = new LinkedHashMap<String, EndedTasks.Sum>();
        var queues = new HashMap<String, Object>();
        jdbc.sql("SELECT " + group + " AS name, state, " + SUMS
                        + " FROM task_count WHERE minute >= :from AND minute < :to"
                        + (query.queues() == null
                                ? ""
                                : " AND " + TextSql.anyOf("queue", "queue", query.queues(), queues))
                        + (query.task() == null ? "" : " AND " + TextSql.exactly("task", ":task"))
                        + " GROUP BY name, state")
                .param("from", utc(query.from()))
                .param("to", utc(query.to()))
                .params(queues)
                .param("task", query.task())
                .query((RowCallbackHandler)
                        row -> add(row, sums.computeIfAbsent(row.getString("name"), name -> new EndedTasks.Sum())));
        return sums;
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
