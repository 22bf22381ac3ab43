package io.celeriac.schedule.store;

import static io.celeriac.schedule.table.TableRepository.at;
import static io.celeriac.schedule.table.TableRepository.instant;
import static io.celeriac.schedule.table.TableRepository.utc;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.PolicyWords;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.UnreadableSchedule;
import io.celeriac.schedule.UnreadableScheduleException;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * The rows of table {@code schedule}, one statement a method.
 *
 * <p>Each row also stores the timing from which {@code next_fire_at} was computed. By this the table detects a row that was changed by
 * SQL.
 */
public class ScheduleRepository {

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRepository.class);

    public static final String COLUMNS = """
            id, name, task, args, kwargs, queue, priority, labels, kind, spec, timezone, enabled, one_off, start_at, end_at,
            expires_after, jitter, overlap, catch_up, catch_up_window, next_fire_at, next_due_at,
            buffered_fire_at, last_fire_at, total_fires, remaining_fires, description,
            note, version, created_at, created_by, updated_at, updated_by""";

    private static final String INSERT = """
            INSERT INTO schedule (id, name, task, args, kwargs, queue, priority, labels, kind, spec, timezone, enabled, one_off,
              start_at, end_at, expires_after, jitter, overlap, catch_up, catch_up_window, next_fire_at, next_due_at,
              remaining_fires, description, note, created_at, created_by, updated_at, updated_by, planned_rule, planned_start_at, planned_end_at, labelled)
            VALUES (:id, :name, :task, :args, :kwargs, :queue, :priority, :labels, :kind, :spec, :timezone, :enabled, :one_off,
              :start_at, :end_at, :expires_after, :jitter, :overlap, :catch_up, :catch_up_window, :next_fire_at, :next_due_at,
              :remaining_fires, :description,
              :note, :created_at, :created_by, :updated_at, :updated_by, CONCAT(:kind, ' ', :timezone, ' ', :spec, ' ', COALESCE(:jitter, '')),
              :start_at, :end_at, CASE WHEN :labels = '{}' THEN NULL ELSE SHA2(CONCAT(:name, ' ', :labels), 256) END)""";

    private static final String UPDATE = """
            UPDATE schedule SET task = :task, args = :args, kwargs = :kwargs, queue = :queue, priority = :priority,
              labels = :labels, kind = :kind, spec = :spec, timezone = :timezone, enabled = :enabled, one_off = :one_off,
              start_at = :start_at, end_at = :end_at, expires_after = :expires_after, jitter = :jitter, overlap = :overlap, catch_up = :catch_up,
              catch_up_window = :catch_up_window, next_fire_at = :next_fire_at,
              next_due_at = :next_due_at, buffered_fire_at = :buffered_fire_at, last_fire_at = :last_fire_at,
              total_fires = :total_fires, remaining_fires = :remaining_fires, description = :description, note = :note,
              version = :version, created_at = :created_at, updated_at = :updated_at, updated_by = :updated_by, planned_rule = CONCAT(:kind, ' ', :timezone, ' ', :spec, ' ', COALESCE(:jitter, '')),
              planned_start_at = :start_at, planned_end_at = :end_at, asked_at = NULL,
              labelled = CASE WHEN :labels = '{}' THEN NULL ELSE SHA2(CONCAT(:name, ' ', :labels), 256) END
            WHERE id = :id""";

    /** Names are equal only if their lengths are: the collation ignores spaces at the end. */
    private static final String NAMED = "WHERE name = :name AND CHAR_LENGTH(name) = CHAR_LENGTH(:name)";

    /** A list that takes longer is given up: no index serves its combination of filters. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The most characters of arguments and labels in one batch. In memory they take several times as many bytes. */
    static final long ENOUGH = 4L << 20;

    /** The fetch size that makes the driver stream rows. */
    public static final int ROW_BY_ROW = Integer.MIN_VALUE;

    private static final TypeReference<JsonNode> SPEC = new TypeReference<>() {};
    private static final TypeReference<List<JsonNode>> ARGS = new TypeReference<>() {};
    private static final TypeReference<Map<String, JsonNode>> KWARGS = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate lists;
    private final LabelRepository labels;

    public ScheduleRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        labels = new LabelRepository(database);
        var bounded = new JdbcTemplate(database);
        bounded.setQueryTimeout((int) PATIENCE.toSeconds());
        bounded.setFetchSize(ROW_BY_ROW);
        lists = new NamedParameterJdbcTemplate(bounded);
    }

    /**
     * @throws UnreadableScheduleException when it cannot be read
     */
    public Optional<StoredSchedule> find(String name) {
        return findRow(name).map(ScheduleRepository::readable);
    }

    /** Since when a schedule waits for the results to show whether its next firing was sent; empty when it does not. */
    Optional<Instant> asksSince(String name) {
        return jdbc.sql("SELECT asked_at FROM schedule WHERE name = :name AND asked_at IS NOT NULL")
                .param("name", name)
                .query((row, number) -> Objects.requireNonNull(instant(row, "asked_at")))
                .optional();
    }

    /** As {@link #find}, and locks the row until the transaction ends. */
    Optional<StoredSchedule> lock(String name) {
        return lockRow(name).map(ScheduleRepository::readable);
    }

    static StoredSchedule readable(ScheduleRow row) {
        if (row instanceof UnreadableSchedule unreadable) {
            throw new UnreadableScheduleException(unreadable);
        }
        return (StoredSchedule) row;
    }

    Optional<ScheduleRow> findRow(String name) {
        return query(NAMED, Map.of("name", name)).stream().findFirst();
    }

    /** Finds a row and locks it until the transaction ends. */
    Optional<ScheduleRow> lockRow(String name) {
        return query(NAMED + " FOR UPDATE", Map.of("name", name)).stream().findFirst();
    }

    /**
     * Schedules in the order of their names, after {@code after}. It returns at least one if there is any, and fewer than the limit if
     * they are {@linkplain #ENOUGH large}.
     *
     * @throws org.springframework.dao.QueryTimeoutException when it takes too long
     */
    Part<ScheduleRow> list(ScheduleFilter filter, String after, int limit) {
        var where = new ArrayList<String>();
        var params = new HashMap<String, Object>();
        params.put("after", after);
        params.put("limit", limit);
        var labels = List.copyOf(filter.labels().entrySet());
        for (var number = 0; number < labels.size(); number++) {
            where.add(
                    number == 0
                            ? "l.label = :label0 AND l.schedule_name > :after"
                            : "EXISTS (SELECT 1 FROM schedule_label WHERE label = :label" + number
                                    + " AND schedule_name = l.schedule_name AND schedule_id = l.schedule_id)");
            params.put(
                    "label" + number,
                    LabelRepository.hash(
                            labels.get(number).getKey(), labels.get(number).getValue()));
        }
        if (labels.isEmpty()) {
            where.add("name > :after");
        }
        if (filter.namePrefix() != null) {
            where.add("name LIKE :name_prefix ESCAPE '!'");
            params.put("name_prefix", filter.namePrefix().replaceAll("[!%_]", "!$0") + "%");
        }
        equal("task", filter.task(), where, params);
        if (filter.queues() != null) {
            where.add(filter.queues().isEmpty() ? "FALSE" : "queue IN (:queues)");
            params.put("queues", filter.queues());
        }
        equal("kind", filter.kind(), where, params);
        if (filter.enabled() != null) {
            where.add("enabled = :enabled");
            params.put("enabled", filter.enabled());
        }
        if (filter.declaredBy() != null) {
            where.add("id IN (SELECT schedule_id FROM schedule_declared WHERE source = :declared_by"
                    + " AND CHAR_LENGTH(source) = CHAR_LENGTH(:declared_by))");
            params.put("declared_by", filter.declaredBy());
        }
        return Objects.requireNonNull(lists.query(
                "SELECT " + COLUMNS + " FROM "
                        + (labels.isEmpty()
                                ? "schedule"
                                : "schedule_label l STRAIGHT_JOIN schedule ON schedule.id = l.schedule_id")
                        + " WHERE " + String.join(" AND ", where)
                        + (labels.isEmpty() ? " ORDER BY name" : " ORDER BY l.schedule_name")
                        + " LIMIT :limit",
                params,
                enoughOf((row, number) -> row(row))));
    }

    /**
     * Rows up to a limit of characters.
     *
     * @param isCut whether the limit was reached, so that there may be more
     */
    public record Part<T>(List<T> rows, boolean isCut) {}

    /** Reads at least one row, and stops at the limit of characters, so that large rows do not fill the memory. */
    public static <T> ResultSetExtractor<Part<T>> enoughOf(RowMapper<? extends T> mapper) {
        return rows -> {
            var read = new ArrayList<T>();
            var characters = 0L;
            while (characters < ENOUGH && rows.next()) {
                read.add(mapper.mapRow(rows, read.size()));
                characters += length(rows, "args") + length(rows, "kwargs") + length(rows, "labels");
            }
            return new Part<>(read, characters >= ENOUGH);
        };
    }

    private static long length(ResultSet row, String column) throws SQLException {
        var text = row.getString(column);
        return text == null ? 0 : text.length();
    }

    private static void equal(String column, @Nullable Object value, List<String> where, Map<String, Object> params) {
        if (value != null) {
            where.add("%1$s = :%1$s AND CHAR_LENGTH(%1$s) = CHAR_LENGTH(:%1$s)".formatted(column));
            params.put(column, value);
        }
    }

    private List<ScheduleRow> query(String where, Map<String, ?> params) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM schedule " + where)
                .params(params)
                .query((row, number) -> row(row))
                .list();
    }

    private static ScheduleRow row(ResultSet row) throws SQLException {
        try {
            return read(row);
        } catch (RuntimeException | SQLException e) { // whatever it contains; a date of zeros is an SQLException
            return new UnreadableSchedule(
                    row.getString("id"),
                    row.getString("name"),
                    row.getString("task"),
                    row.getString("queue"),
                    row.getString("kind"),
                    row.getBoolean("enabled"),
                    new Progress(
                            lenient(row, "next_fire_at"),
                            lenient(row, "buffered_fire_at"),
                            lenient(row, "last_fire_at"),
                            row.getLong("total_fires")),
                    row.getLong("version"),
                    new Signed(
                            Objects.requireNonNullElse(lenient(row, "created_at"), Instant.EPOCH),
                            row.getString("created_by")),
                    String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Instant lenient(ResultSet row, String column) {
        try {
            return instant(row, column);
        } catch (SQLException e) {
            LOG.debug("No instant, such as 0000-00-00", e);
            return null;
        }
    }

    /**
     * @throws org.springframework.dao.DuplicateKeyException when the name is taken
     */
    void insert(StoredSchedule schedule) {
        jdbc.sql(INSERT).paramSource(params(schedule)).update();
        labels.add(
                schedule.id(), schedule.name(), schedule.schedule().template().labels());
    }

    void update(StoredSchedule schedule) {
        jdbc.sql(UPDATE).paramSource(params(schedule)).update();
        labels.replace(
                schedule.id(), schedule.name(), schedule.schedule().template().labels());
    }

    void delete(String id) {
        jdbc.sql("DELETE FROM schedule WHERE id = :id").param("id", id).update();
    }

    /** Locks those of these schedules that are readable and not locked yet, until the transaction ends. */
    public Map<String, StoredSchedule> lockFree(Set<String> ids) {
        var schedules = new HashMap<String, StoredSchedule>();
        jdbc.sql("SELECT " + COLUMNS + " FROM schedule WHERE id IN (:ids) ORDER BY id FOR UPDATE SKIP LOCKED")
                .param("ids", ids)
                .query((row, number) -> readable(row))
                .list()
                .forEach(found -> found.ifPresent(schedule -> schedules.put(schedule.id(), schedule)));
        return schedules;
    }

    /** Which of these schedules exist. */
    public Set<String> existing(Set<String> ids) {
        return Set.copyOf(jdbc.sql("SELECT id FROM schedule WHERE id IN (:ids)")
                .param("ids", ids)
                .query(String.class)
                .list());
    }

    private static Optional<StoredSchedule> readable(ResultSet row) throws SQLException {
        try {
            return Optional.of(read(row));
        } catch (RuntimeException | SQLException e) {
            LOG.warn("Schedule {} cannot be read: {}", row.getString("name"), e.getMessage());
            return Optional.empty();
        }
    }

    private static SqlParameterSource params(StoredSchedule stored) {
        var schedule = stored.schedule();
        var timing = schedule.timing();
        var template = schedule.template();
        var expiresAfter = schedule.expiresAfter();
        return new MapSqlParameterSource()
                .addValue("id", stored.id())
                .addValue("name", schedule.name())
                .addValue("task", template.task())
                .addValue("args", TaskJson.MAPPER.writeValueAsString(template.args()))
                .addValue("kwargs", TaskJson.MAPPER.writeValueAsString(template.kwargs()))
                .addValue("queue", template.queue())
                .addValue("priority", template.priority())
                .addValue("labels", TaskJson.MAPPER.writeValueAsString(template.labels()))
                .addValue("kind", timing.rule().kind())
                .addValue(
                        "spec", TaskJson.MAPPER.writeValueAsString(timing.rule().spec()))
                .addValue("timezone", timing.timezone().getId())
                .addValue("enabled", schedule.enabled())
                .addValue("one_off", schedule.oneOff())
                .addValue("start_at", utc(timing.startAt()))
                .addValue("end_at", utc(timing.endAt()))
                .addValue("expires_after", expiresAfter == null ? null : expiresAfter.toString())
                .addValue(
                        "jitter",
                        schedule.jitter().isZero() ? null : schedule.jitter().toString())
                .addValue("overlap", schedule.overlap().word())
                .addValue("catch_up", schedule.catchUp().policy().word())
                .addValue("catch_up_window", schedule.catchUp().window().toString())
                .addValue("next_fire_at", utc(stored.progress().nextFireAt()))
                .addValue("next_due_at", utc(stored.dueAt()))
                .addValue("buffered_fire_at", utc(stored.progress().bufferedFireAt()))
                .addValue("last_fire_at", utc(stored.progress().lastFireAt()))
                .addValue("total_fires", stored.progress().totalFires())
                .addValue("remaining_fires", schedule.remaining())
                .addValue("description", schedule.description())
                .addValue("note", schedule.note())
                .addValue("version", stored.version())
                .addValue("created_at", utc(stored.created().at()))
                .addValue("created_by", stored.created().by())
                .addValue("updated_at", utc(stored.updated().at()))
                .addValue("updated_by", stored.updated().by());
    }

    /**
     * @throws InvalidScheduleException when somebody wrote into the row what is no schedule
     */
    public static StoredSchedule read(ResultSet row) throws SQLException {
        return new StoredSchedule(
                row.getString("id"),
                schedule(row),
                new Progress(
                        instant(row, "next_fire_at"),
                        instant(row, "buffered_fire_at"),
                        instant(row, "last_fire_at"),
                        row.getLong("total_fires")),
                row.getLong("version"),
                new Signed(at(row, "created_at"), row.getString("created_by")),
                new Signed(at(row, "updated_at"), row.getString("updated_by")));
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        var builder = Schedule.named(row.getString("name"))
                .task(new TaskTemplate(
                        row.getString("task"),
                        json("args", row.getString("args"), ARGS),
                        json("kwargs", row.getString("kwargs"), KWARGS),
                        row.getString("queue"),
                        row.getObject("priority", Integer.class),
                        json("labels", row.getString("labels"), LABELS)))
                .rule(ScheduleRule.read(row.getString("kind"), json("spec", row.getString("spec"), SPEC)))
                .startAt(instant(row, "start_at"))
                .endAt(instant(row, "end_at"))
                .enabled(row.getBoolean("enabled"))
                .oneOff(row.getBoolean("one_off"))
                .remaining(row.getObject("remaining_fires", Long.class))
                .description(row.getString("description"))
                .note(row.getString("note"));
        try {
            var expiresAfter = row.getString("expires_after");
            var jitter = row.getString("jitter");
            return builder.timezone(ZoneId.of(row.getString("timezone")))
                    .expiresAfter(expiresAfter == null ? null : Duration.parse(expiresAfter))
                    .jitter(jitter == null ? Duration.ZERO : Duration.parse(jitter))
                    .overlap(PolicyWords.overlap(row.getString("overlap")))
                    .catchUp(new CatchUp(
                            PolicyWords.catchUp(row.getString("catch_up")),
                            Duration.parse(row.getString("catch_up_window"))))
                    .build();
        } catch (DateTimeException e) {
            throw new InvalidScheduleException(
                    "timezone, expires_after, jitter or catch_up_window", "cannot be read: " + e.getMessage());
        }
    }

    private static <T> T json(String field, String text, TypeReference<T> type) {
        try {
            var value = TaskJson.MAPPER.<@Nullable T>readValue(text, type);
            if (value == null) {
                throw new InvalidScheduleException(field, "must not be null");
            }
            return value;
        } catch (tools.jackson.core.JacksonException e) {
            throw new InvalidScheduleException(field, "cannot be read: " + e.getOriginalMessage());
        }
    }
}
