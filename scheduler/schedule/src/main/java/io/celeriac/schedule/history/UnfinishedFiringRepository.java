package io.celeriac.schedule.history;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.utc;

import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows of table {@code schedule_unfinished_firing}, one statement a method. Only schedules whose firings must not overlap have
 * some.
 */
public class UnfinishedFiringRepository {

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;

    public UnfinishedFiringRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        batches = new NamedParameterJdbcTemplate(database);
    }

    /** The unfinished firings of these schedules, of which there must be at least one. */
    public List<UnfinishedFiring> of(Collection<String> scheduleIds) {
        return jdbc.sql(
                        "SELECT schedule_id, task_id, emitted_at FROM schedule_unfinished_firing WHERE schedule_id IN (:ids)"
                                + " ORDER BY schedule_id, emitted_at, task_id")
                .param("ids", scheduleIds)
                .query((row, number) -> new UnfinishedFiring(
                        row.getString("schedule_id"), row.getString("task_id"), at(row, "emitted_at")))
                .list();
    }

    public void add(Collection<UnfinishedFiring> firings) {
        if (!firings.isEmpty()) {
            batches.batchUpdate(
                    "INSERT INTO schedule_unfinished_firing (schedule_id, task_id, emitted_at) VALUES (:schedule_id, :task_id, :emitted_at)"
                            + " ON DUPLICATE KEY UPDATE emitted_at = VALUES(emitted_at)",
                    params(firings));
        }
    }

    public void delete(Collection<UnfinishedFiring> firings) {
        if (!firings.isEmpty()) {
            batches.batchUpdate(
                    "DELETE FROM schedule_unfinished_firing WHERE schedule_id = :schedule_id AND task_id = :task_id",
                    params(firings));
        }
    }

    public void deleteOf(String scheduleId) {
        jdbc.sql("DELETE FROM schedule_unfinished_firing WHERE schedule_id = :id")
                .param("id", scheduleId)
                .update();
    }

    private static SqlParameterSource[] params(Collection<UnfinishedFiring> firings) {
        return firings.stream()
                .map(firing -> new MapSqlParameterSource()
                        .addValue("schedule_id", firing.scheduleId())
                        .addValue("task_id", firing.taskId())
                        .addValue("emitted_at", utc(firing.emittedAt())))
                .toArray(SqlParameterSource[]::new);
    }
}
