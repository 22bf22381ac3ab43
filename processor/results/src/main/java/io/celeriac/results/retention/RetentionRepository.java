package io.celeriac.results.retention;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.table.ResultTables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes tasks, a few at a time. It skips rows that another transaction has locked. So any number of programs may delete at once, and
 * none waits for a materializer or makes it wait for longer than one batch.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable.
 */
final class RetentionRepository {

    /** The tasks of one name that are in one state. */
    record Group(String task, TaskState state) {}

    /**
     * The outcome of one deletion.
     *
     * @param tasks how many were deleted
     * @param refused how many could not be deleted, because rows of another table refer to them
     * @param until submission of the last task, UTC: the next batch begins there; null when no batch has found a task yet
     */
    record Batch(int tasks, int refused, @Nullable LocalDateTime until) {}

    private record Doomed(String id, LocalDateTime submittedAt) {}

    private static final LocalDateTime EVER = LocalDateTime.of(1000, 1, 1, 0, 0);

    private static final Logger LOG = LoggerFactory.getLogger(RetentionRepository.class);

    /** Time limit of a statement. After it the statement is tried again in the next round. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JdbcClient jdbc;
    private final ResultTables tables;
    private final TransactionTemplate transaction;

    /**
     * @param tables checked in each round: they may not be there yet
     */
    RetentionRepository(DataSource database, ResultTables tables) {
        this.tables = tables;
        var template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** All groups, read from the index alone. States that this version does not know are left for another version to delete. */
    List<Group> groups() {
        tables.require();
        return jdbc.sql("SELECT DISTINCT task, state FROM task_result WHERE state IN (:states)")
                .param(
                        "states",
                        Arrays.stream(TaskState.values()).map(Enum::name).toList())
                .query((row, number) -> new Group(row.getString("task"), TaskState.valueOf(row.getString("state"))))
                .list();
    }

    /** The submission time of the latest task beyond the latest {@code rows}, UTC; empty when there are no more than these. */
    Optional<LocalDateTime> oldestOf(Group group, long rows) {
        return jdbc.sql("SELECT submitted_at FROM task_result WHERE task = :task AND state = :state"
                        + " ORDER BY submitted_at DESC LIMIT 1 OFFSET " + rows)
                .param("task", group.task())
                .param("state", group.state().name())
                .query((row, number) -> row.getObject("submitted_at", LocalDateTime.class))
                .optional();
    }

    /**
     * Deletes the next tasks that ended before an instant.
     *
     * @param from {@link Batch#until()} of the previous batch; null for the first
     */
    Batch deleteEnded(Group group, Instant before, @Nullable LocalDateTime from, int size) {
        var utc = LocalDateTime.ofInstant(before, ZoneOffset.UTC);
        return delete(
                group,
                " AND submitted_at < :before" + (group.state().isFinal() ? " AND finished_at < :before" : ""),
                utc,
                from,
                size);
    }

    /** Deletes the next tasks that were submitted at an instant or earlier; the rest is as for {@link #deleteEnded}. */
    Batch deleteSubmitted(Group group, LocalDateTime until, @Nullable LocalDateTime from, int size) {
        return delete(group, " AND submitted_at <= :before", until, from, size);
    }

    /**
     * Deletes the next counters of hours that ended before an instant. All tables of counters keep the same hours, and so
     * does that of how full the queues were.
     *
     * @return how many were deleted
     */
    int deleteCounts(Instant before, int size) {
        tables.require();
        var hour = LocalDateTime.ofInstant(before, ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        var deleted = 0;
        for (var table : List.of("task_count", "failure_count")) {
            deleted += deleteCounts(table + "_hour", "hour", hour, size - deleted);
            deleted += deleteCounts(table, "minute", hour, size - deleted);
        }
        deleted += deleteCounts("queue_depth", "minute", hour, size - deleted);
        return deleted;
    }

    private int deleteCounts(String table, String time, LocalDateTime before, int size) {
        return jdbc.sql("DELETE FROM " + table + " WHERE " + time + " < :before ORDER BY " + time + " LIMIT " + size)
                .param("before", before)
                .update();
    }

    /**
     * Deletes the next workflows that ended before an instant, with their nodes, and those of whose state nothing is known.
     *
     * @return how many were deleted
     */
    int deleteWorkflows(Instant before, int size) {
        tables.require();
        return inTransaction(() -> {
            var ids = jdbc.sql("SELECT id FROM workflow WHERE submitted_at < :before"
                            + " AND (finished_at < :before OR (finished_at IS NULL AND revision = 0))"
                            + " ORDER BY submitted_at LIMIT " + size + " FOR UPDATE SKIP LOCKED")
                    .param("before", LocalDateTime.ofInstant(before, ZoneOffset.UTC))
                    .query(String.class)
                    .list();
            for (var rows : List.of("workflow_node WHERE workflow", "workflow WHERE id")) {
                if (!ids.isEmpty()) {
                    jdbc.sql("DELETE FROM " + rows + " IN (:ids)")
                            .param("ids", ids)
                            .update();
                }
            }
            return ids.size();
        });
    }

    private Batch delete(Group group, String condition, LocalDateTime before, @Nullable LocalDateTime from, int size) {
        try {
            return inTransaction(() -> {
                var doomed = doomed(group, condition, before, from, size);
                deleteAll(doomed);
                return batch(doomed.size(), 0, doomed, from);
            });
        } catch (DataIntegrityViolationException e) {
            return deleteSingly(inTransaction(() -> doomed(group, condition, before, from, size)), from);
        }
    }

    /** Deletes one task at a time, so that a task which cannot be deleted does not prevent the deletion of others. */
    private Batch deleteSingly(List<Doomed> doomed, @Nullable LocalDateTime from) {
        var refused = 0;
        for (var one : doomed) {
            try {
                inTransaction(() -> {
                    deleteAll(List.of(one));
                    return true;
                });
            } catch (DataIntegrityViolationException e) {
                LOG.warn(
                        "task {} cannot be deleted: {}",
                        one.id(),
                        e.getMostSpecificCause().getMessage());
                refused++;
            }
        }
        return batch(doomed.size() - refused, refused, doomed, from);
    }

    private static Batch batch(int tasks, int refused, List<Doomed> doomed, @Nullable LocalDateTime from) {
        return new Batch(
                tasks,
                refused,
                doomed.isEmpty() ? from : doomed.get(doomed.size() - 1).submittedAt());
    }

    private List<Doomed> doomed(
            Group group, String condition, LocalDateTime before, @Nullable LocalDateTime from, int size) {
        return jdbc.sql("SELECT id, submitted_at FROM task_result WHERE task = :task AND state = :state"
                        + " AND submitted_at >= :from" + condition + " ORDER BY submitted_at LIMIT " + size
                        + " FOR UPDATE SKIP LOCKED")
                .param("task", group.task())
                .param("state", group.state().name())
                .param("from", from == null ? EVER : from)
                .param("before", before)
                .query((row, number) ->
                        new Doomed(row.getString("id"), row.getObject("submitted_at", LocalDateTime.class)))
                .list();
    }

    private void deleteAll(List<Doomed> doomed) {
        if (doomed.isEmpty()) {
            return;
        }
        var ids = doomed.stream().map(Doomed::id).toList();
        for (var rows : List.of(
                "task_label WHERE task_id",
                "task_argument WHERE task_id",
                "task_attempt WHERE task_id",
                "task_result WHERE id")) {
            jdbc.sql("DELETE FROM " + rows + " IN (:ids)").param("ids", ids).update();
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
