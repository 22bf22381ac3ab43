package io.celeriac.results.action;

import io.celeriac.results.action.TaskAction.Order;
import io.celeriac.results.action.TaskAction.Progress;
import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The tables {@code task_action} and {@code task_action_item}. A gateway works on an action while it has the lease. Each claim makes a
 * new owner, and each write of an owner checks that it still has the lease, so a gateway that stood still cannot write over its
 * successor.
 *
 * <p>Leases and pauses go by the clock of the database, so the clocks of gateways do not matter. All methods throw
 * {@link org.springframework.dao.DataAccessException} when the database is unavailable.
 */
public final class ActionRepository {

    private static final String COLUMNS = "id, kind, name, q, frozen_q, terminate, rate, state, created_by, created_at,"
            + " expected, expected_exact, begun, done, refused, failed, page_cursor, exhausted, finished_at, aborted_by, queues";
    private static final String NOTE =
            "INSERT INTO task_action_item (action_id, item) VALUES (?, ?) ON DUPLICATE KEY UPDATE item = item";
    private static final String END = "UPDATE task_action_item SET outcome = ?, new_id = ?, reason = ?, ended_at = ?"
            + " WHERE action_id = ? AND item = ? AND outcome IS NULL";
    private static final int DELETED_AT_ONCE = 1_000;

    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public ActionRepository(DataSource database, ResultTables tables) {
        template = new JdbcTemplate(database);
        jdbc = JdbcClient.create(template);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** Stores a new action; leaves one with the same id as it is. */
    public void add(TaskAction action) {
        var order = action.order();
        jdbc.sql("""
                        INSERT INTO task_action (id, kind, name, q, frozen_q, terminate, rate, state, created_by, created_at,
                            expected, expected_exact, lease_until, next_at, finished_at, queues)
                        VALUES (:id, :kind, :name, :q, :frozen, :terminate, :rate, :state, :by, :at,
                            :expected, :exact, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), :finished, :queues)
                        ON DUPLICATE KEY UPDATE kind = kind""")
                .param("id", action.id())
                .param("kind", order.kind().name())
                .param("name", order.name())
                .param("q", order.q())
                .param("frozen", order.frozenQ())
                .param("terminate", order.terminate())
                .param("rate", order.rate())
                .param("state", action.state().name())
                .param("by", order.createdBy())
                .param("at", ResultColumns.utc(order.createdAt()))
                .param("expected", action.expected())
                .param("exact", action.expectedExact())
                .param("finished", action.finishedAt() == null ? null : ResultColumns.utc(action.finishedAt()))
                .param("queues", order.queues() == null ? null : String.join(",", new TreeSet<>(order.queues())))
                .update();
    }

    /** The action of this id. */
    public Optional<TaskAction> find(String id) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM task_action WHERE id = :id")
                .param("id", id)
                .query((row, number) -> action(row))
                .optional();
    }

    /** The number of actions that are running. */
    public long running() {
        return jdbc.sql("SELECT COUNT(*) FROM task_action WHERE state = 'RUNNING'")
                .query(Long.class)
                .single();
    }

    /**
     * Actions, the newest first.
     *
     * @param after the last one of the page before; null for the first page
     */
    public List<TaskAction> list(@Nullable ActionCursor after, int limit) {
        return list(after, limit, null);
    }

    /**
     * The actions of one caller that are narrowed to queues, the newest first.
     *
     * @param after the last one of the page before; null for the first page
     */
    public List<TaskAction> listNarrowed(String createdBy, @Nullable ActionCursor after, int limit) {
        return list(after, limit, createdBy);
    }

    private List<TaskAction> list(@Nullable ActionCursor after, int limit, @Nullable String createdBy) {
        return jdbc.sql("SELECT " + COLUMNS + " FROM task_action WHERE TRUE"
                        + (after == null ? "" : " AND created_at <= :at AND (created_at < :at OR id < :id)")
                        + (createdBy == null
                                ? ""
                                : " AND queues IS NOT NULL AND " + TextSql.exactly("created_by", ":by"))
                        + " ORDER BY created_at DESC, id DESC LIMIT " + limit)
                .param("at", after == null ? null : ResultColumns.utc(after.createdAt()))
                .param("id", after == null ? null : after.id())
                .param("by", createdBy)
                .query((row, number) -> action(row))
                .list();
    }

    /**
     * The items of an action, by their names.
     *
     * @param outcome only these; null for all
     * @param after the last one of the page before; empty for the first page
     */
    public List<ActionItem> items(String action, @Nullable ItemOutcome outcome, String after, int limit) {
        return jdbc.sql("SELECT item, outcome, new_id, reason, ended_at FROM task_action_item"
                        + " WHERE action_id = :action AND item > :after"
                        + (outcome == null ? "" : " AND outcome = :outcome")
                        + " ORDER BY item LIMIT " + limit)
                .param("action", action)
                .param("after", after)
                .param("outcome", outcome == null ? null : outcome.name())
                .query((row, number) -> item(row))
                .list();
    }

    /**
     * Takes the lease of the running action that is due first and that nobody works on.
     *
     * @param owner unique among all claims
     * @param lease after which others may take the action
     */
    public Optional<TaskAction> claim(String owner, Duration lease) {
        return transaction.execute(status -> {
            var claimed = jdbc.sql("SELECT " + COLUMNS + " FROM task_action WHERE state = 'RUNNING'"
                            + " AND next_at <= UTC_TIMESTAMP(6) AND lease_until <= UTC_TIMESTAMP(6)"
                            + " ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED")
                    .query((row, number) -> action(row))
                    .optional();
            claimed.ifPresent(action -> jdbc.sql("UPDATE task_action SET lease_owner = :owner,"
                            + " lease_until = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND WHERE id = :id")
                    .param("owner", owner)
                    .param("micros", lease.toNanos() / 1_000)
                    .param("id", action.id())
                    .update());
            return claimed;
        });
    }

    /**
     * Notes the items of a page, before any of them is sent.
     *
     * @param cursor where the next page begins; null when there is none
     * @param pause until the next page may begin
     * @return false when the lease is lost, or the action is no longer running: then nothing must be sent
     */
    public boolean begin(String action, String owner, List<String> items, @Nullable String cursor, Duration pause) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var held = jdbc.sql("UPDATE task_action SET begun = begun + :items, page_cursor = :cursor,"
                            + " exhausted = :exhausted, next_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND"
                            + " WHERE id = :id AND lease_owner = :owner AND state = 'RUNNING'")
                    .param("items", items.size())
                    .param("cursor", cursor)
                    .param("exhausted", cursor == null)
                    .param("micros", pause.toNanos() / 1_000)
                    .param("id", action)
                    .param("owner", owner)
                    .update();
            if (held == 1 && !items.isEmpty()) {
                template.batchUpdate(
                        NOTE,
                        items.stream().map(item -> new Object[] {action, item}).toList());
            }
            return held == 1;
        }));
    }

    /** Takes the lease for longer; false when another has it. */
    public boolean extend(String action, String owner, Duration lease) {
        return jdbc.sql("UPDATE task_action SET lease_until = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND"
                                + " WHERE id = :id AND lease_owner = :owner")
                        .param("micros", lease.toNanos() / 1_000)
                        .param("id", action)
                        .param("owner", owner)
                        .update()
                == 1;
    }

    /** The items that were noted and have no outcome. */
    public List<String> unfinished(String action, int limit) {
        return jdbc.sql("SELECT item FROM task_action_item WHERE action_id = :action AND outcome IS NULL"
                        + " ORDER BY item LIMIT " + limit)
                .param("action", action)
                .query(String.class)
                .list();
    }

    /**
     * Stores the outcomes of a page, and gives the lease back. Also after an abort: the items were sent.
     *
     * @return false when the lease is lost: another will store them
     */
    public boolean end(String action, String owner, List<ActionItem> items) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var held = jdbc.sql("UPDATE task_action SET done = done + :done, refused = refused + :refused,"
                            + " failed = failed + :failed, lease_owner = NULL, lease_until = UTC_TIMESTAMP(6)"
                            + " WHERE id = :id AND lease_owner = :owner")
                    .param("done", count(items, ItemOutcome.DONE))
                    .param("refused", count(items, ItemOutcome.REFUSED))
                    .param("failed", count(items, ItemOutcome.FAILED))
                    .param("id", action)
                    .param("owner", owner)
                    .update();
            if (held == 1 && !items.isEmpty()) {
                template.batchUpdate(
                        END, items.stream().map(item -> row(action, item)).toList());
            }
            return held == 1;
        }));
    }

    private static long count(List<ActionItem> items, ItemOutcome outcome) {
        return items.stream().filter(item -> item.outcome() == outcome).count();
    }

    private static @Nullable Object[] row(String action, ActionItem item) {
        return new @Nullable Object[] {
            item.outcome() == null ? null : item.outcome().name(),
            item.newId(),
            item.reason(),
            item.endedAt() == null ? null : ResultColumns.utc(item.endedAt()),
            action,
            item.item()
        };
    }

    /** Gives the lease back without an outcome; the action goes on after a pause. */
    public void postpone(String action, String owner, Duration pause) {
        jdbc.sql("UPDATE task_action SET lease_owner = NULL, lease_until = UTC_TIMESTAMP(6),"
                        + " next_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND"
                        + " WHERE id = :id AND lease_owner = :owner")
                .param("micros", pause.toNanos() / 1_000)
                .param("id", action)
                .param("owner", owner)
                .update();
    }

    /** Marks an action as done, whose items all have an outcome. */
    public void finish(String action, String owner, Instant at) {
        jdbc.sql("UPDATE task_action SET state = 'DONE', finished_at = :at, lease_owner = NULL"
                        + " WHERE id = :id AND lease_owner = :owner AND state = 'RUNNING'")
                .param("at", ResultColumns.utc(at))
                .param("id", action)
                .param("owner", owner)
                .update();
    }

    /**
     * Stops an action: no further page begins.
     *
     * @return false when it is not running
     */
    public boolean abort(String action, String by, Instant at) {
        return jdbc.sql("UPDATE task_action SET state = 'ABORTED', finished_at = :at, aborted_by = :by"
                                + " WHERE id = :id AND state = 'RUNNING'")
                        .param("at", ResultColumns.utc(at))
                        .param("by", by)
                        .param("id", action)
                        .update()
                == 1;
    }

    /**
     * Deletes an action that ended before, with its items; some of them at a time.
     *
     * @return true when there may be more to delete
     */
    public boolean deleteBefore(Instant oldest) {
        var old = jdbc.sql("SELECT id FROM task_action WHERE created_at < :oldest AND finished_at < :oldest"
                        + " ORDER BY created_at LIMIT 1")
                .param("oldest", ResultColumns.utc(oldest))
                .query(String.class)
                .optional();
        if (old.isEmpty()) {
            return false;
        }
        var items = jdbc.sql("DELETE FROM task_action_item WHERE action_id = :id LIMIT " + DELETED_AT_ONCE)
                .param("id", old.get())
                .update();
        var claims = jdbc.sql("DELETE FROM task_rerun WHERE action_id = :id LIMIT " + DELETED_AT_ONCE)
                .param("id", old.get())
                .update();
        if (items < DELETED_AT_ONCE && claims < DELETED_AT_ONCE) {
            jdbc.sql("DELETE FROM task_action WHERE id = :id")
                    .param("id", old.get())
                    .update();
        }
        return true;
    }

    private static TaskAction action(ResultSet row) throws SQLException {
        return new TaskAction(
                row.getString("id"),
                new Order(
                        ActionKind.valueOf(row.getString("kind")),
                        row.getString("name"),
                        row.getString("q"),
                        row.getString("frozen_q"),
                        row.getBoolean("terminate"),
                        row.getObject("rate", Double.class),
                        row.getString("created_by"),
                        instant(row.getObject("created_at", LocalDateTime.class)),
                        queues(row.getString("queues"))),
                ActionState.valueOf(row.getString("state")),
                row.getLong("expected"),
                row.getBoolean("expected_exact"),
                new Progress(
                        row.getLong("begun"),
                        row.getLong("done"),
                        row.getLong("refused"),
                        row.getLong("failed"),
                        row.getString("page_cursor"),
                        row.getBoolean("exhausted")),
                instantOrNull(row.getObject("finished_at", LocalDateTime.class)),
                row.getString("aborted_by"));
    }

    private static @Nullable Set<String> queues(@Nullable String names) {
        return names == null ? null : Set.of(names.split(","));
    }

    private static ActionItem item(ResultSet row) throws SQLException {
        var outcome = row.getString("outcome");
        return new ActionItem(
                row.getString("item"),
                outcome == null ? null : ItemOutcome.valueOf(outcome),
                row.getString("new_id"),
                row.getString("reason"),
                instantOrNull(row.getObject("ended_at", LocalDateTime.class)));
    }

    private static Instant instant(LocalDateTime utc) {
        return utc.toInstant(ZoneOffset.UTC);
    }

    private static @Nullable Instant instantOrNull(@Nullable LocalDateTime utc) {
        return utc == null ? null : instant(utc);
    }
}
