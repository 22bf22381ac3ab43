package io.celeriac.results.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.table.ResultTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads the values that there are of a column, a label or an argument. Each is one step in an index, so the cost grows with the number
 * of answers and not with the tables.
 */
public final class CompletionRepository implements CompletionValues {

    /** Time limit of a step. A slow database gives fewer candidates. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public CompletionRepository(DataSource database, ResultTables tables) {
        template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
    }

    /** The values that some queues have, for a caller that sees no others. */
    public CompletionValues within(Set<String> queues) {
        return new QueueCompletionRepository(template, queues);
    }

    @Override
    public List<String> values(TextColumn column, String prefix, int most) {
        var name = column.sql();
        var index = switch (column) {
            case ID -> "PRIMARY";
            case TASK -> "task_result_by_task";
            case QUEUE -> "task_result_by_queue";
            case SCHEDULE -> "task_result_by_schedule";
            case PARENT, ROOT, GROUP, RETRY_OF -> String.valueOf(column.index());
            case STATE, REASON, WORKER, KEY -> "";
        };
        if (index.isEmpty()) {
            return List.of();
        }
        return steps(
                prefix,
                most,
                last -> jdbc.sql("SELECT " + name + " FROM task_result FORCE INDEX (" + index
                                + ") WHERE " + name + (last.isEmpty() ? " >= :prefix" : " > :last") + " ORDER BY "
                                + name
                                + " LIMIT 1")
                        .param("prefix", prefix)
                        .param("last", last.orElse(""))
                        .query(String.class)
                        .optional());
    }

    @Override
    public List<String> labelNames(String prefix, int most) {
        return steps(
                prefix,
                most,
                last -> jdbc.sql("SELECT name FROM task_label FORCE INDEX (task_label_by_value) WHERE name "
                                + (last.isEmpty() ? ">= :prefix" : "> :last") + " ORDER BY name LIMIT 1")
                        .param("prefix", prefix.getBytes(UTF_8))
                        .param("last", last.orElse("").getBytes(UTF_8))
                        .query((row, number) -> new String(row.getBytes(1), UTF_8))
                        .optional());
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
        return steps(
                prefix,
                most,
                last -> jdbc.sql("SELECT value FROM " + table + " FORCE INDEX (" + table
                                + "_by_value) WHERE name = :name AND value "
                                + (last.isEmpty() ? ">= :prefix" : "> :last")
                                + " ORDER BY value LIMIT 1")
                        .param("name", name.getBytes(UTF_8))
                        .param("prefix", prefix.getBytes(UTF_8))
                        .param("last", last.orElse("").getBytes(UTF_8))
                        .query((row, number) -> new String(row.getBytes(1), UTF_8))
                        .optional());
    }

    private static List<String> steps(String prefix, int most, Function<Optional<String>, Optional<String>> next) {
        var values = new ArrayList<String>();
        var last = Optional.<String>empty();
        try {
            while (values.size() < most) {
                var value = next.apply(last);
                if (value.isEmpty() || !value.get().startsWith(prefix) || !isAfter(value.get(), last)) {
                    break;
                }
                values.add(value.get());
                last = value;
            }
        } catch (QueryTimeoutException e) {
            return values;
        }
        return values;
    }

    /** A value that is cut in the middle of a character would otherwise be found again and again. */
    private static boolean isAfter(String value, Optional<String> last) {
        return last.isEmpty()
                || Arrays.compareUnsigned(value.getBytes(UTF_8), last.get().getBytes(UTF_8)) > 0;
    }
}
