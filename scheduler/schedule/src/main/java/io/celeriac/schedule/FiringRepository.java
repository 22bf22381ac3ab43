package io.celeriac.schedule;

import static io.celeriac.schedule.ScheduleRepository.at;
import static io.celeriac.schedule.ScheduleRepository.instant;
import static io.celeriac.schedule.ScheduleRepository.utc;

import io.celeriac.schedule.rule.InvalidScheduleException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of {@code schedule} that are due and those of {@code schedule_firing}, one statement a method. */
public class FiringRepository {

    private static final Logger LOG = LoggerFactory.getLogger(FiringRepository.class);

    private static final String CLAIM = "SELECT due_at, " + ScheduleRepository.COLUMNS
            + " FROM schedule WHERE due_at <= :now ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED";

    private static final String ADVANCE = """
            UPDATE schedule SET next_fire_at = :next_fire_at, next_due_at = :next_due_at,
              buffered_fire_at = :buffered_fire_at, last_fire_at = :last_fire_at, total_fires = :total_fires,
              remaining_fires = :remaining_fires, planned_rule = CONCAT(kind, ' ', timezone, ' ', spec, ' ', COALESCE(jitter, '')),
              planned_start_at = start_at, planned_end_at = end_at
            WHERE id = :id""";

    private static final String STOP = """
            UPDATE schedule SET next_fire_at = NULL, next_due_at = NULL,
              planned_rule = CONCAT(kind, ' ', timezone, ' ', spec, ' ', COALESCE(jitter, '')),
              planned_start_at = start_at, planned_end_at = end_at
            WHERE id = :id""";

    /** A run may be there already, when somebody set a schedule back by hand: then the last telling counts. */
    private static final String RECORD = """
            INSERT INTO schedule_firing (schedule_id, fire_time, kind, task_id, fire_until, runs, reason, emitted_at)
            VALUES (:schedule_id, :fire_time, :kind, :task_id, :fire_until, :runs, :reason, :emitted_at)
            ON DUPLICATE KEY UPDATE task_id = VALUES(task_id), fire_until = VALUES(fire_until), runs = VALUES(runs),
              reason = VALUES(reason), emitted_at = VALUES(emitted_at)""";

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate batches;

    FiringRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        batches = new NamedParameterJdbcTemplate(database);
    }

    /**
     * When there is next something to do, in the past when it is overdue.
     *
     * @param schedules when the next schedule is due; null when none ever is
     * @param requests the same for what people asked for
     */
    public record NextDue(
            @Nullable Instant schedules, @Nullable Instant requests) {

        /** The earlier of the two; empty when there is none. */
        public Optional<Instant> earliest() {
            return Stream.of(Optional.ofNullable(schedules), Optional.ofNullable(requests))
                    .flatMap(Optional::stream)
                    .min(Comparator.naturalOrder());
        }
    }

    /** One look at two indexes. */
    NextDue nextDue() {
        return jdbc.sql("SELECT (SELECT MIN(due_at) FROM schedule) AS schedules,"
                        + " (SELECT MIN(due_at) FROM schedule_request) AS requests")
                .query((row, number) -> new NextDue(instant(row, "schedules"), instant(row, "requests")))
                .single();
    }

    /** A row that was claimed. */
    sealed interface Row {}

    /**
     * @param planned whether its next run was worked out from what the row says now
     */
    record Due(StoredSchedule schedule, boolean planned) implements Row {}

    /**
     * @param reason why what stands in the row is no schedule
     */
    record Unreadable(String id, String name, String reason) implements Row {}

    /** Takes schedules that are due and that nobody else has, the longest due first, until the end of the transaction. */
    List<Row> claim(Instant now, int limit) {
        return jdbc.sql(CLAIM)
                .param("now", utc(now))
                .param("limit", limit)
                .query((row, number) -> read(row))
                .list();
    }

    private static Row read(ResultSet row) throws SQLException {
        try {
            return new Due(ScheduleRepository.read(row), at(row, "due_at").equals(instant(row, "next_due_at")));
        } catch (InvalidScheduleException e) {
            return new Unreadable(row.getString("id"), row.getString("name"), e.field() + " " + e.rule());
        }
    }

    /** Sees to it that a row that cannot be read is not due again until somebody changes it. */
    void stop(Unreadable row, Instant now) {
        LOG.warn("Schedule {} was written by hand and cannot be read, so it does not fire: {}", row.name, row.reason);
        jdbc.sql(STOP).param("id", row.id).update();
        batches.update(RECORD, params(row.id, ScheduleFiring.skipped(now, now, 1, row.reason, now)));
    }

    /** Moves schedules on. */
    void advance(List<FiringPlan> plans) {
        batches.batchUpdate(
                ADVANCE, plans.stream().map(FiringRepository::params).toArray(SqlParameterSource[]::new));
    }

    /** Adds to the history of schedules. */
    void record(List<? extends Plan<?>> plans) {
        var firings = plans.stream()
                .flatMap(plan -> plan.firings().stream()
                        .map(firing -> params(plan.schedule().id(), firing)))
                .toArray(SqlParameterSource[]::new);
        if (firings.length > 0) {
            batches.batchUpdate(RECORD, firings);
        }
    }

    /**
     * Which runs of a range have a task by the history.
     *
     * @param last not before {@code first}; itself in the range
     */
    Set<Instant> emitted(String scheduleId, Instant first, Instant last) {
        return Set.copyOf(jdbc.sql("SELECT DISTINCT fire_time FROM schedule_firing"
                        + " WHERE schedule_id = :id AND fire_time BETWEEN :first AND :last AND task_id IS NOT NULL")
                .param("id", scheduleId)
                .param("first", utc(first))
                .param("last", utc(last))
                .query((row, number) -> at(row, "fire_time"))
                .list());
    }

    /** Deletes the oldest lines of the history, as many as the limit at the most; answers how many. */
    int deleteHistory(Instant before, int limit) {
        return jdbc.sql("DELETE FROM schedule_firing WHERE emitted_at < :before ORDER BY emitted_at LIMIT :limit")
                .param("before", utc(before))
                .param("limit", limit)
                .update();
    }

    /** Adds to a schedule's history. */
    void record(String scheduleId, ScheduleFiring firing) {
        batches.update(RECORD, params(scheduleId, firing));
    }

    private static SqlParameterSource params(FiringPlan plan) {
        var progress = plan.progress();
        return new MapSqlParameterSource()
                .addValue("id", plan.schedule().id())
                .addValue("next_fire_at", utc(progress.nextFireAt()))
                .addValue("next_due_at", utc(plan.next().dueAt()))
                .addValue("buffered_fire_at", utc(progress.bufferedFireAt()))
                .addValue("last_fire_at", utc(progress.lastFireAt()))
                .addValue("total_fires", progress.totalFires())
                .addValue("remaining_fires", plan.remaining());
    }

    private static SqlParameterSource params(String scheduleId, ScheduleFiring firing) {
        return new MapSqlParameterSource()
                .addValue("schedule_id", scheduleId)
                .addValue("fire_time", utc(firing.fireTime()))
                .addValue("kind", firing.kind().word())
                .addValue("task_id", firing.taskId())
                .addValue("fire_until", utc(firing.fireUntil()))
                .addValue("runs", firing.runs())
                .addValue("reason", firing.reason())
                .addValue("emitted_at", utc(firing.emittedAt()));
    }

    /**
     * A schedule's history, the latest run first.
     *
     * @param before where to go on: the last that is known already; null to begin
     */
    List<ScheduleFiring> history(String scheduleId, @Nullable FiringCursor before, int limit) {
        var from = before == null ? FiringCursor.BEGIN : before;
        return jdbc.sql("""
                        SELECT fire_time, kind, task_id, fire_until, runs, reason, emitted_at FROM schedule_firing
                        WHERE schedule_id = :id AND fire_time <= :time AND (fire_time < :time OR kind < :kind)
                        ORDER BY fire_time DESC, kind DESC LIMIT :limit""")
                .param("id", scheduleId)
                .param("time", utc(from.fireTime()))
                .param("kind", from.kind())
                .param("limit", limit)
                .query((row, number) -> new ScheduleFiring(
                        at(row, "fire_time"),
                        FiringKind.of(row.getString("kind")),
                        row.getString("task_id"),
                        at(row, "fire_until"),
                        row.getLong("runs"),
                        row.getString("reason"),
                        at(row, "emitted_at")))
                .list();
    }
}
