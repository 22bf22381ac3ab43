package io.celeriac.schedule;

import static io.celeriac.schedule.ScheduleRepository.at;
import static io.celeriac.schedule.ScheduleRepository.utc;

import io.celeriac.schedule.rule.InvalidScheduleException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hands out the schedules that are due, and keeps the history of their runs. Any number of schedulers may claim at once.
 *
 * <pre>
 * begin        READ COMMITTED
 * claim        SELECT … WHERE due_at <= now ORDER BY due_at LIMIT n FOR UPDATE SKIP LOCKED: nobody else gets these rows
 * emit         the caller sends the tasks, and waits until the broker has each on all in-sync replicas
 * advance      one batch UPDATE of next_fire_at and its company, one batch INSERT of the history
 * commit
 * </pre>
 *
 * <p><b>No run is lost.</b> A schedule moves on only with the commit, and the commit comes only when the broker has the tasks.
 * A scheduler that dies before it, at whatever point, leaves the rows as they were and unlocked, and whoever claims next emits
 * the same runs. <b>None is doubled.</b> The id of a task is a function of schedule and fire time, so what was sent and not
 * committed is sent again under the same id, and the workers run it once. The other order, advancing first, would lose what a
 * crash finds between commit and send; a lease of its own would need a second transaction for each batch and a time-out that
 * guesses how long a crash looks like.
 *
 * <p>The price is that the rows stay locked while the broker answers, a few milliseconds: a person's change of such a schedule
 * waits that long. While the broker is away, nothing moves on.
 */
public class FiringRepository {

    private static final Logger LOG = LoggerFactory.getLogger(FiringRepository.class);

    private static final String CLAIM = "SELECT due_at, " + ScheduleRepository.COLUMNS
            + " FROM schedule WHERE due_at <= :now ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED";

    private static final String ADVANCE = """
            UPDATE schedule SET next_fire_at = :next_fire_at, last_fire_at = :last_fire_at, total_fires = :total_fires,
              remaining_fires = :remaining_fires, planned_rule = CONCAT(kind, ' ', timezone, ' ', spec),
              planned_start_at = start_at, planned_end_at = end_at
            WHERE id = :id""";

    private static final String STOP = """
            UPDATE schedule SET next_fire_at = NULL, planned_rule = CONCAT(kind, ' ', timezone, ' ', spec),
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
    private final TransactionTemplate transaction;
    private final FiringPlanner planner;

    FiringRepository(DataSource database, PlatformTransactionManager transactions, FiringPlanner planner) {
        jdbc = JdbcClient.create(database);
        batches = new NamedParameterJdbcTemplate(database);
        this.planner = planner;
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** When the next schedule is due, in the past when one is overdue; empty when there is none. One look at an index. */
    public Optional<Instant> nextDue() {
        return jdbc.sql("SELECT MIN(due_at) FROM schedule")
                .query(LocalDateTime.class)
                .optional()
                .map(due -> due.toInstant(ZoneOffset.UTC));
    }

    /**
     * Claims the schedules that are due, has their tasks emitted, and moves them on.
     *
     * @param now what is due by then
     * @param limit of schedules in one batch
     * @param emit called at most once, within the transaction; answers the plans whose tasks the broker has, possibly with runs
     *     {@linkplain FiringPlan#skipping skipped}. The schedules of plans that it does not answer stay due. What it throws
     *     rolls back all
     */
    public Claim claim(Instant now, int limit, UnaryOperator<List<FiringPlan>> emit) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var rows = jdbc.sql(CLAIM)
                    .param("now", utc(now))
                    .param("limit", limit)
                    .query((row, number) -> read(row))
                    .list();
            var plans = new ArrayList<FiringPlan>();
            for (var row : rows) {
                if (row instanceof Due due) {
                    plans.add(plan(due, now));
                } else if (row instanceof Unreadable unreadable) {
                    stop(unreadable, now);
                }
            }
            var emitted = plans.isEmpty() ? plans : emit.apply(plans);
            record(emitted);
            return new Claim(rows.size(), rows.size() - plans.size() + emitted.size());
        }));
    }

    /**
     * What came of claiming.
     *
     * @param claimed how many schedules were due and free
     * @param advanced how many of them have moved on
     */
    public record Claim(int claimed, int advanced) {}

    private sealed interface Row {}

    private record Due(StoredSchedule schedule, boolean planned) implements Row {}

    private record Unreadable(String id, String name, String reason) implements Row {}

    private static Row read(ResultSet row) throws SQLException {
        try {
            var schedule = ScheduleRepository.read(row);
            return new Due(
                    schedule, at(row, "due_at").equals(schedule.progress().nextFireAt()));
        } catch (InvalidScheduleException e) {
            return new Unreadable(row.getString("id"), row.getString("name"), e.field() + " " + e.rule());
        }
    }

    private FiringPlan plan(Due row, Instant now) {
        var due = row.schedule.progress().nextFireAt();
        return row.planned && due != null
                ? planner.plan(row.schedule, due, now)
                : FiringPlanner.anew(row.schedule, now);
    }

    private void stop(Unreadable row, Instant now) {
        LOG.warn("Schedule {} was written by hand and cannot be read, so it does not fire: {}", row.name, row.reason);
        jdbc.sql(STOP).param("id", row.id).update();
        batches.update(RECORD, params(row.id, ScheduleFiring.skipped(now, now, 1, row.reason, now)));
    }

    private void record(List<FiringPlan> plans) {
        if (plans.isEmpty()) {
            return;
        }
        batches.batchUpdate(
                ADVANCE, plans.stream().map(FiringRepository::params).toArray(SqlParameterSource[]::new));
        var firings = plans.stream()
                .flatMap(plan -> plan.firings().stream()
                        .map(firing -> params(plan.schedule().id(), firing)))
                .toArray(SqlParameterSource[]::new);
        if (firings.length > 0) {
            batches.batchUpdate(RECORD, firings);
        }
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
