package io.celeriac.schedule.history;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.utc;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of table {@code schedule_firing}, one statement a method. */
public class FiringRepository {

    private static final String INSERT = "INSERT INTO schedule_firing"
            + " (schedule_id, fire_time, kind, task_id, fire_until, firing_count, reason, emitted_at) VALUES ";
    private static final String LINE = "(?, ?, ?, ?, ?, ?, ?, ?)";

    /**
     * A firing can have a line already, if somebody set a schedule back by SQL or repeated a range. The new line then replaces the old
     * one, unless the old one stands for more firings. {@code runs} is set last, since the other columns compare with it.
     */
    private static final String LAST_COUNTS = " ON DUPLICATE KEY UPDATE task_id = VALUES(task_id),"
            + Stream.of("reason", "emitted_at", "fire_until", "firing_count")
                    .map(column ->
                            "%1$s = IF(VALUES(firing_count) < firing_count, %1$s, VALUES(%1$s))".formatted(column))
                    .collect(joining(", ", " ", ""));

    /** Rows in one statement. */
    private static final int AT_ONCE = 250;

    private final JdbcClient jdbc;
    private final JdbcTemplate inserts;

    public FiringRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        inserts = new JdbcTemplate(database);
    }

    /**
     * A line of the history.
     *
     * @param scheduleId of the schedule whose firing it is
     */
    public record Line(String scheduleId, ScheduleFiring firing) {

        Stream<@Nullable Object> values() {
            return Stream.of(
                    scheduleId,
                    utc(firing.fireTime()),
                    firing.kind().word(),
                    firing.taskId(),
                    utc(firing.fireUntil()),
                    firing.count(),
                    firing.reason(),
                    utc(firing.emittedAt()));
        }
    }

    /** Adds a line to a schedule's history. */
    public void add(String scheduleId, ScheduleFiring firing) {
        add(List.of(new Line(scheduleId, firing)));
    }

    /** Adds lines to the history of schedules. */
    public void add(List<Line> lines) {
        for (var first = 0; first < lines.size(); first += AT_ONCE) {
            var some = lines.subList(first, Math.min(lines.size(), first + AT_ONCE));
            var values = some.stream().flatMap(Line::values).toArray();
            inserts.update(INSERT + LINE + (", " + LINE).repeat(some.size() - 1) + LAST_COUNTS, values);
        }
    }

    /**
     * The fire times of a range that have a task in the history.
     *
     * @param last not before {@code first}; inclusive
     */
    public Set<Instant> emitted(String scheduleId, Instant first, Instant last) {
        return Set.copyOf(jdbc.sql("SELECT DISTINCT fire_time FROM schedule_firing"
                        + " WHERE schedule_id = :id AND fire_time BETWEEN :first AND :last AND task_id IS NOT NULL")
                .param("id", scheduleId)
                .param("first", utc(first))
                .param("last", utc(last))
                .query((row, number) -> at(row, "fire_time"))
                .list());
    }

    /** Deletes the oldest lines, at most {@code limit}, and returns how many. */
    public int deleteHistory(Instant before, int limit) {
        return jdbc.sql("DELETE FROM schedule_firing WHERE emitted_at < :before ORDER BY emitted_at LIMIT :limit")
                .param("before", utc(before))
                .param("limit", limit)
                .update();
    }

    /**
     * A schedule's history, the latest firing first.
     *
     * @param before the last line of the page before; null for the first page
     */
    public List<ScheduleFiring> history(String scheduleId, @Nullable FiringCursor before, int limit) {
        var from = before == null ? FiringCursor.BEGIN : before;
        return jdbc.sql("""
                        SELECT fire_time, kind, task_id, fire_until, firing_count, reason, emitted_at FROM schedule_firing
                        WHERE schedule_id = :id AND fire_time <= :time AND (fire_time < :time OR kind < :kind)
                        ORDER BY fire_time DESC, kind DESC LIMIT :limit""")
                .param("id", scheduleId)
                .param("time", utc(from.fireTime()))
                .param("kind", from.kind())
                .param("limit", limit)
                .query((row, number) -> firing(row))
                .list();
    }

    /**
     * The latest firings of schedules, the latest of each first; a schedule without firings is absent.
     *
     * @param each the most of each schedule
     */
    public Map<String, List<ScheduleFiring>> latest(Collection<String> scheduleIds, int each) {
        if (scheduleIds.isEmpty()) {
            return Map.of();
        }
        var ids = List.copyOf(scheduleIds);
        var parts = IntStream.range(0, ids.size())
                .mapToObj(number ->
                        "(SELECT schedule_id, fire_time, kind, task_id, fire_until, firing_count, reason, emitted_at"
                                + " FROM schedule_firing WHERE schedule_id = :id" + number
                                + " ORDER BY fire_time DESC, kind DESC LIMIT " + each + ")")
                .collect(joining(" UNION ALL "));
        var values = new HashMap<String, Object>();
        IntStream.range(0, ids.size()).forEach(number -> values.put("id" + number, ids.get(number)));
        return jdbc
                .sql("SELECT * FROM (" + parts + ") latest ORDER BY fire_time DESC, kind DESC")
                .params(values)
                .query((row, number) -> new Line(row.getString("schedule_id"), firing(row)))
                .list()
                .stream()
                .collect(groupingBy(Line::scheduleId, mapping(Line::firing, toList())));
    }

    private static ScheduleFiring firing(ResultSet row) throws SQLException {
        return new ScheduleFiring(
                at(row, "fire_time"),
                FiringKind.of(row.getString("kind")),
                row.getString("task_id"),
                at(row, "fire_until"),
                row.getLong("firing_count"),
                row.getString("reason"),
                at(row, "emitted_at"));
    }
}
