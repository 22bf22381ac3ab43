package io.celeriac.schedule.backfill;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.instant;
import static io.celeriac.schedule.table.TableRepository.utc;

import io.celeriac.schedule.backfill.FiringRequest.Pace;
import io.celeriac.schedule.backfill.FiringRequest.Progress;
import io.celeriac.schedule.backfill.FiringRequest.Range;
import io.celeriac.schedule.backfill.FiringRequest.State;
import io.celeriac.schedule.history.FiringKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of table {@code schedule_firing_request}, one statement a method. */
public class FiringRequestRepository {

    private static final Logger LOG = LoggerFactory.getLogger(FiringRequestRepository.class);

    private static final String COLUMNS = """
            id, schedule_id, kind, state, range_from, range_to, per_second, again, one_by_one, total, emitted, skipped, next_fire_at,
            last_task_id, last_emitted_at, due_at, reason, created_at, created_by, ended_at""";

    private final JdbcClient jdbc;

    public FiringRequestRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
    }

    void insert(FiringRequest request) {
        jdbc.sql("INSERT INTO schedule_firing_request (" + COLUMNS
                        + ") VALUES (:id, :schedule_id, :kind, :state, :range_from, :range_to,"
                        + " :per_second, :again, :one_by_one, :total, :emitted, :skipped, :next_fire_at, :last_task_id, :last_emitted_at,"
                        + " :due_at, :reason, :created_at, :created_by, :ended_at)")
                .paramSource(params(request))
                .update();
    }

    void update(FiringRequest request) {
        jdbc.sql("UPDATE schedule_firing_request SET state = :state, emitted = :emitted, skipped = :skipped,"
                        + " next_fire_at = :next_fire_at, last_task_id = :last_task_id,"
                        + " last_emitted_at = :last_emitted_at, due_at = :due_at, reason = :reason,"
                        + " ended_at = :ended_at WHERE id = :id")
                .paramSource(params(request))
                .update();
    }

    /**
     * A row that was claimed.
     *
     * @param request null if the row is no valid request
     * @param error why it is not valid; empty if it is
     */
    record Claimed(String id, @Nullable FiringRequest request, String error) {}

    /** Locks due requests that no other scheduler has locked, until the transaction ends. */
    List<Claimed> claim(Instant now, int limit) {
        return jdbc.sql("SELECT " + COLUMNS
                        + " FROM schedule_firing_request WHERE due_at <= :now ORDER BY due_at LIMIT :limit"
                        + " FOR UPDATE SKIP LOCKED")
                .param("now", utc(now))
                .param("limit", limit)
                .query((row, number) -> claimed(row))
                .list();
    }

    private static Claimed claimed(ResultSet row) throws SQLException {
        try {
            return new Claimed(row.getString("id"), read(row), "");
        } catch (RuntimeException | SQLException e) { // whatever it contains, it must not hold up the others
            return new Claimed(row.getString("id"), null, String.valueOf(e.getMessage()));
        }
    }

    /** Makes a request due later, and changes nothing else. */
    void putOff(String id, Instant until) {
        jdbc.sql("UPDATE schedule_firing_request SET due_at = :until WHERE id = :id")
                .param("until", utc(until))
                .param("id", id)
                .update();
    }

    Optional<FiringRequest> find(String scheduleId, String id) {
        return jdbc.sql("SELECT " + COLUMNS
                        + " FROM schedule_firing_request WHERE id = :id AND schedule_id = :schedule_id")
                .param("id", id)
                .param("schedule_id", scheduleId)
                .query((row, number) -> claimed(row))
                .optional()
                .flatMap(FiringRequestRepository::readable);
    }

    /** Finds a request and locks it until the transaction ends. */
    Optional<FiringRequest> lock(String scheduleId, String id) {
        return jdbc.sql("SELECT " + COLUMNS
                        + " FROM schedule_firing_request WHERE id = :id AND schedule_id = :schedule_id FOR UPDATE")
                .param("id", id)
                .param("schedule_id", scheduleId)
                .query((row, number) -> claimed(row))
                .optional()
                .flatMap(FiringRequestRepository::readable);
    }

    /** The requests of a schedule, the latest first. */
    List<FiringRequest> list(String scheduleId, FiringKind kind, int limit) {
        return jdbc
                .sql("SELECT " + COLUMNS
                        + " FROM schedule_firing_request WHERE schedule_id = :schedule_id AND kind = :kind"
                        + " ORDER BY created_at DESC, id DESC LIMIT :limit")
                .param("schedule_id", scheduleId)
                .param("kind", kind.word())
                .param("limit", limit)
                .query((row, number) -> claimed(row))
                .list()
                .stream()
                .flatMap(row -> readable(row).stream())
                .toList();
    }

    /** Ignores a row that is no valid request. */
    private static Optional<FiringRequest> readable(Claimed row) {
        if (row.request() == null) {
            LOG.warn("Request {} cannot be read: {}", row.id(), row.error());
        }
        return Optional.ofNullable(row.request());
    }

    /** Deletes the requests that ended first, at most {@code limit}, and returns how many. */
    public int deleteEnded(Instant before, int limit) {
        return jdbc.sql("DELETE FROM schedule_firing_request WHERE ended_at < :before ORDER BY ended_at LIMIT :limit")
                .param("before", utc(before))
                .param("limit", limit)
                .update();
    }

    private static SqlParameterSource params(FiringRequest request) {
        var progress = request.progress();
        return new MapSqlParameterSource()
                .addValue("id", request.id())
                .addValue("schedule_id", request.scheduleId())
                .addValue("kind", request.kind().word())
                .addValue("state", progress.state().word())
                .addValue("range_from", utc(request.range().from()))
                .addValue("range_to", utc(request.range().to()))
                .addValue("per_second", request.pace().perSecond())
                .addValue("again", request.range().again())
                .addValue("one_by_one", request.pace().oneByOne())
                .addValue("total", progress.total())
                .addValue("emitted", progress.emitted())
                .addValue("skipped", progress.skipped())
                .addValue("next_fire_at", utc(progress.nextFireAt()))
                .addValue("last_task_id", progress.lastTaskId())
                .addValue("last_emitted_at", utc(progress.lastEmittedAt()))
                .addValue("due_at", progress.state() == State.ACTIVE ? utc(request.dueAt()) : null)
                .addValue("reason", progress.reason())
                .addValue("created_at", utc(request.createdAt()))
                .addValue("created_by", request.createdBy())
                .addValue("ended_at", utc(progress.endedAt()));
    }

    private static FiringRequest read(ResultSet row) throws SQLException {
        var endedAt = instant(row, "ended_at");
        return new FiringRequest(
                row.getString("id"),
                row.getString("schedule_id"),
                kind(row.getString("kind")),
                new Range(at(row, "range_from"), at(row, "range_to"), row.getBoolean("again")),
                new Pace(perSecond(row.getInt("per_second")), row.getBoolean("one_by_one")),
                new Progress(
                        State.of(row.getString("state")),
                        row.getLong("total"),
                        row.getLong("emitted"),
                        row.getLong("skipped"),
                        instant(row, "next_fire_at"),
                        row.getString("last_task_id"),
                        instant(row, "last_emitted_at"),
                        row.getString("reason"),
                        endedAt),
                dueAt(instant(row, "due_at"), endedAt, at(row, "created_at")),
                at(row, "created_at"),
                row.getString("created_by"));
    }

    private static FiringKind kind(String word) {
        var kind = FiringKind.of(word);
        if (kind != FiringKind.MANUAL && kind != FiringKind.BACKFILL) {
            throw new IllegalArgumentException("kind must be manual or backfill, but is " + word);
        }
        return kind;
    }

    private static int perSecond(int firings) {
        if (firings < 1 || firings > FiringRequests.MOST_PER_SECOND) {
            throw new IllegalArgumentException(
                    "per_second must be from 1 to " + FiringRequests.MOST_PER_SECOND + ", but is " + firings);
        }
        return firings;
    }

    private static Instant dueAt(@Nullable Instant dueAt, @Nullable Instant endedAt, Instant createdAt) {
        return dueAt != null ? dueAt : endedAt != null ? endedAt : createdAt;
    }
}
