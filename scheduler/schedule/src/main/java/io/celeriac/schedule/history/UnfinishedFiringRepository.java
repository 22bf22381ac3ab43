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

/** The rows of {@code schedule_run}: runs that may not have ended, of schedules whose runs must not overlap. */
public class UnfinishedFiringRepository {

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;

    public UnfinishedFiringRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        batches = new NamedParameterJdbcTemplate(database);
    }

    /** The runs of these schedules, of which there is at least one. */
    public List<UnfinishedFiring> of(Collection<String> scheduleIds) {
        return jdbc.sql("SELECT schedule_id, task_id, emitted_at FROM schedule_run WHERE schedule_id IN (:ids)"
                        + " ORDER BY schedule_id, emitted_at, task_id")
                .param("ids", scheduleIds)
                .query((row, number) -> new UnfinishedFiring(
                        row.getString("schedule_id"), row.getString("task_id"), at(row, "emitted_at")))
                .list();
    }

    public void add(Collection<UnfinishedFiring> runs) {
        if (!runs.isEmpty()) {
            batches.batchUpdate(
                    "INSERT INTO schedule_run (schedule_id, task_id, emitted_at) VALUES (:schedule_id, :task_id, :emitted_at)"
                            + " ON DUPLICATE KEY UPDATE emitted_at = VALUES(emitted_at)",
                    params(runs));
        }
    }

    public void delete(Collection<UnfinishedFiring> runs) {
        if (!runs.isEmpty()) {
            batches.batchUpdate(
                    "DELETE FROM schedule_run WHERE schedule_id = :schedule_id AND task_id = :task_id", params(runs));
        }
    }

    public void deleteOf(String scheduleId) {
        jdbc.sql("DELETE FROM schedule_run WHERE schedule_id = :id")
                .param("id", scheduleId)
                .update();
    }

    private static SqlParameterSource[] params(Collection<UnfinishedFiring> runs) {
        return runs.stream()
                .map(run -> new MapSqlParameterSource()
                        .addValue("schedule_id", run.scheduleId())
                        .addValue("task_id", run.taskId())
                        .addValue("emitted_at", utc(run.emittedAt())))
                .toArray(SqlParameterSource[]::new);
    }
}
