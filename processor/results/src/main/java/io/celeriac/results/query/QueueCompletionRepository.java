package io.celeriac.results.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.table.TextSql;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the values of the latest tasks of some queues. No index has a queue together with these values, so it looks at the latest
 * {@value #LATEST} tasks of each queue and state, and at no more queues when its time is over.
 */
final class QueueCompletionRepository implements CompletionValues {

    static final int LATEST = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String TASKS = Arrays.stream(TaskState.values())
            .map(state -> "(SELECT id, submitted_at FROM task_result WHERE " + TextSql.exactly("queue", ":queue")
                    + " AND state = '" + state + "' ORDER BY submitted_at DESC LIMIT " + LATEST + ")")
            .collect(joining(" UNION ALL ", "(", ") n"));

    private final JdbcClient jdbc;
    private final Set<String> queues;

    QueueCompletionRepository(JdbcTemplate template, Set<String> queues) {
        jdbc = JdbcClient.create(template);
        this.queues = new TreeSet<>(queues);
    }

    @Override
    public List<String> values(TextColumn column, String prefix, int most) {
        return switch (column) {
            case QUEUE -> first(queues, prefix, most);
            case ID, TASK, SCHEDULE, PARENT, ROOT, GROUP, RETRY_OF -> {
                var name = "r." + column.sql();
                yield found(
                        "SELECT DISTINCT " + name + " FROM " + TASKS + " JOIN task_result r ON r.id = n.id WHERE LEFT("
                                + name + ", CHAR_LENGTH(:prefix)) = :prefix",
                        Map.of("prefix", prefix),
                        (row, number) -> row.getString(1),
                        prefix,
                        most);
            }
            case STATE, REASON, WORKER, KEY -> List.of();
        };
    }

    @Override
    public List<String> labelNames(String prefix, int most) {
        return found(
                "SELECT DISTINCT s.name FROM " + TASKS + " JOIN task_label s ON s.task_id = n.id"
                        + " AND s.submitted_at = n.submitted_at WHERE LEFT(s.name, LENGTH(:prefix)) = :prefix",
                Map.of("prefix", prefix.getBytes(UTF_8)),
                (row, number) -> new String(row.getBytes(1), UTF_8),
                prefix,
                most);
    }

    @Override
    public List<String> labelValues(String name, String prefix, int most) {
        return sideValues("task_label", name, prefix, most);
    }

    @Override
    public List<String> argumentValues(String path, String prefix, int most) {
        return sideValues("task_argument", path, prefix, most);
    }

    private List<String> sideValues(String table, String name, String prefix, int most) {
        return found(
                "SELECT DISTINCT s.value FROM " + TASKS + " JOIN " + table + " s ON s.task_id = n.id"
                        + " AND s.submitted_at = n.submitted_at WHERE s.name = :name"
                        + " AND LEFT(s.value, LENGTH(:prefix)) = :prefix",
                Map.of("name", name.getBytes(UTF_8), "prefix", prefix.getBytes(UTF_8)),
                (row, number) -> new String(row.getBytes(1), UTF_8),
                prefix,
                most);
    }

    private List<String> found(
            String sql, Map<String, Object> parameters, RowMapper<String> value, String prefix, int most) {
        var found = new TreeSet<String>();
        var end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (var queue : queues) {
                found.addAll(jdbc.sql(sql)
                        .params(parameters)
                        .param("queue", queue)
                        .query(value)
                        .list());
                if (System.nanoTime() > end) {
                    break;
                }
            }
        } catch (QueryTimeoutException e) {
            return first(found, prefix, most);
        }
        return first(found, prefix, most);
    }

    /** The columns' collation takes trailing spaces for nothing; this does not. */
    private static List<String> first(Set<String> values, String prefix, int most) {
        return values.stream()
                .filter(value -> value.startsWith(prefix))
                .limit(most)
                .toList();
    }
}
