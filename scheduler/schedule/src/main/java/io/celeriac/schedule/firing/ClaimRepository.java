package io.celeriac.schedule.firing;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.instant;
import static io.celeriac.schedule.table.TableRepository.utc;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.firing.FiringPlanner.Look;
import io.celeriac.schedule.store.ScheduleRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of table {@code schedule} that are due, one statement a method. */
public class ClaimRepository {

    private static final Logger LOG = LoggerFactory.getLogger(ClaimRepository.class);

    private static final String CLAIM =
            "SELECT due_at, planned_rule IS NULL AS fresh, chosen_fire_at <=> next_fire_at AS chosen, asked_at,"
                    + " UTC_TIMESTAMP(6) AS clock, "
                    + ScheduleRepository.COLUMNS
                    + " FROM schedule WHERE due_at >= :from AND due_at <= :now%s ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED";

    private static final String WITHOUT = " AND id NOT IN (:without)";

    /** One statement for many rows: a statement for each row takes four times as long. */
    private static final String ADVANCE = """
            UPDATE (%s) AS plan STRAIGHT_JOIN schedule s ON s.id = plan.id
            SET s.next_fire_at = plan.next_fire_at, s.next_due_at = plan.next_due_at,
              s.buffered_fire_at = plan.buffered_fire_at, s.chosen_fire_at = plan.chosen_fire_at, s.last_fire_at = plan.last_fire_at,
              s.total_fires = plan.total_fires, s.remaining_fires = plan.remaining_fires, s.version = plan.version, s.asked_at = NULL,
              s.planned_rule = CONCAT(s.kind, ' ', s.timezone, ' ', s.spec, ' ', COALESCE(s.jitter, '')),
              s.planned_start_at = s.start_at, s.planned_end_at = s.end_at""";

    private static final String FIRST_PLAN = "SELECT ? COLLATE utf8mb4_bin AS id, ? AS next_fire_at, ? AS next_due_at,"
            + " ? AS buffered_fire_at, ? AS chosen_fire_at, ? AS last_fire_at, ? AS total_fires, ? AS remaining_fires,"
            + " ? AS version";
    private static final String MORE_PLANS = " UNION ALL SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?";

    private static final String STOP = """
            UPDATE schedule SET next_due_at = :until,
              planned_rule = CONCAT(kind, ' ', timezone, ' ', spec, ' ', COALESCE(jitter, '')),
              planned_start_at = start_at, planned_end_at = end_at
            WHERE id = :id""";

    /** Rows in one statement. */
    private static final int AT_ONCE = 250;

    /** A firing that waits for the results was missed already when it started to wait. */
    private static final Duration LONG_AGO = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final JdbcTemplate positional;
    private final NamedParameterJdbcTemplate claims;

    public ClaimRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        positional = new JdbcTemplate(database);
        var rowByRow = new JdbcTemplate(database);
        rowByRow.setFetchSize(ScheduleRepository.ROW_BY_ROW);
        claims = new NamedParameterJdbcTemplate(rowByRow);
    }

    /** A row that was claimed. */
    sealed interface Row {}

    /**
     * @param look why a scheduler looks at it; due since the epoch if its next firing is not computed yet
     * @param planned whether its next firing was computed from the current columns of the row
     * @param fresh whether its next firing was never computed
     * @param asked since when it waits for the results to show what was sent
     */
    record Due(StoredSchedule schedule, Look look, boolean planned, boolean fresh, Asked asked) implements Row {}

    /**
     * How long a schedule has waited for the results, by the database's clock.
     *
     * @param since equals {@code now} if it has not waited yet
     */
    record Asked(Instant since, Instant now) {}

    /**
     * @param fireTime fire time of its next firing; null if unknown
     * @param reason why the row is no valid schedule
     */
    record Unreadable(String id, String name, @Nullable Instant fireTime, String reason) implements Row {}

    /**
     * Locks due schedules that no other scheduler has locked, the longest due first, until the transaction ends.
     *
     * <p>It returns no rows after {@link ScheduleRepository#ENOUGH} is reached, but locks them too.
     *
     * @param from ignores schedules that are due earlier. This saves the database a walk over deleted index entries that are not purged
     *     yet
     * @param without ids of schedules to ignore
     */
    List<Row> claim(Instant from, Instant now, int limit, Set<String> without) {
        var params = new MapSqlParameterSource("from", utc(from))
                .addValue("now", utc(now))
                .addValue("limit", limit)
                .addValue("without", without);
        return Objects.requireNonNull(claims.query(
                        CLAIM.formatted(without.isEmpty() ? "" : WITHOUT),
                        params,
                        ScheduleRepository.enoughOf((row, number) -> read(row))))
                .rows();
    }

    private static Row read(ResultSet row) throws SQLException {
        try {
            var dueAt = at(row, "due_at");
            var clock = at(row, "clock");
            var asked = instant(row, "asked_at");
            var since = asked == null || asked.isAfter(clock)
                    ? null
                    : asked; // the clock was set back, or a person wrote it
            return new Due(
                    ScheduleRepository.read(row),
                    new Look(since == null ? dueAt : since.minus(LONG_AGO), row.getBoolean("chosen")),
                    dueAt.equals(instant(row, "next_due_at")),
                    row.getBoolean("fresh"),
                    new Asked(since == null ? clock : since, clock));
        } catch (RuntimeException | SQLException e) { // whatever it contains, it must not hold up the others
            return new Unreadable(
                    row.getString("id"), row.getString("name"), nextFireAt(row), String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Instant nextFireAt(ResultSet row) {
        try {
            return instant(row, "next_fire_at");
        } catch (SQLException e) {
            LOG.debug("No instant, such as 0000-00-00", e);
            return null;
        }
    }

    /** Puts off a row that cannot be read or written. A change of its timing ends this at once. */
    void stop(Unreadable row, Instant now) {
        LOG.warn("Schedule {} does not fire: {}", row.name, row.reason);
        jdbc.sql(STOP)
                .param("until", utc(now.plus(Claim.SET_ASIDE)))
                .param("id", row.id)
                .update();
    }

    /** Pauses a row that cannot even be put off, such as one with a start of 0000-00-00. */
    void pause(Unreadable row) {
        LOG.error("Schedule {} is paused: {}", row.name, row.reason);
        jdbc.sql("UPDATE schedule SET enabled = FALSE WHERE id = :id")
                .param("id", row.id)
                .update();
    }

    /** Moves schedules on as planned. */
    void advance(List<FiringPlan> plans) {
        for (var some : parts(plans)) {
            var values = some.stream().flatMap(ClaimRepository::values).toArray();
            positional.update(ADVANCE.formatted(FIRST_PLAN + MORE_PLANS.repeat(some.size() - 1)), values);
        }
    }

    /** Makes schedules due later, and changes nothing else. */
    void putOff(List<String> ids, Instant until) {
        jdbc.sql("UPDATE schedule SET next_due_at = :until WHERE id IN (:ids)")
                .param("until", utc(until))
                .param("ids", ids)
                .update();
    }

    /**
     * Makes schedules due later that wait for the results to show what was sent.
     *
     * @param asked now, by the database's clock; stored for schedules that do not wait yet
     */
    void ask(List<String> ids, Instant asked, Instant until) {
        jdbc.sql("UPDATE schedule SET next_due_at = :until,"
                        + " asked_at = CASE WHEN asked_at <= :asked THEN asked_at ELSE :asked END WHERE id IN (:ids)")
                .param("until", utc(until))
                .param("asked", utc(asked))
                .param("ids", ids)
                .update();
    }

    private static <T> List<List<T>> parts(List<T> all) {
        return IntStream.iterate(0, first -> first < all.size(), first -> first + AT_ONCE)
                .mapToObj(first -> all.subList(first, Math.min(all.size(), first + AT_ONCE)))
                .toList();
    }

    private static Stream<@Nullable Object> values(FiringPlan plan) {
        var progress = plan.progress();
        return Stream.of(
                plan.schedule().id(),
                utc(progress.nextFireAt()),
                utc(plan.next().dueAt()),
                utc(progress.bufferedFireAt()),
                plan.next().chosen() ? utc(plan.next().fireAt()) : null,
                utc(progress.lastFireAt()),
                progress.totalFires(),
                plan.remaining(),
                plan.version());
    }
}
