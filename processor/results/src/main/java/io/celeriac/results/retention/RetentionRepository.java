package io.celeriac.results.retention;

import io.celeriac.contract.TaskState;
import io.celeriac.results.ResultTables;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes tasks, a few at a time. Rows that another transaction holds are passed over, so that any number of programs may do it at
 * once, and none waits for a materializer or makes it wait for longer than one batch.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is not there.
 */
final class RetentionRepository {

    /** The tasks of one name that are in one state. */
    record Group(String task, TaskState state) {}

    /**
     * What was deleted.
     *
     * @param tasks how many
     * @param until the last one's submission, UTC: the next batch begins there; null when nothing was
     */
    record Batch(int tasks, @Nullable LocalDateTime until) {}

    private record Doomed(String id, LocalDateTime submittedAt) {}

    private static final LocalDateTime EVER = LocalDateTime.of(1000, 1, 1, 0, 0);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    RetentionRepository(DataSource database, ResultTables tables) {
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** All there are, read from the index alone. */
    List<Group> groups() {
        return jdbc.sql("SELECT DISTINCT task, state FROM task_result")
                .query((row, number) -> new Group(row.getString("task"), TaskState.valueOf(row.getString("state"))))
                .list();
    }

    /** When the last of the latest {@code rows} tasks was submitted, UTC; empty when there are not more than these. */
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
     * @param from {@link Batch#until()} of the batch before; null for the first
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

    /** As {@link #deleteEnded}, those that were submitted then or before. */
    Batch deleteSubmitted(Group group, LocalDateTime until, @Nullable LocalDateTime from, int size) {
        return delete(group, " AND submitted_at <= :before", until, from, size);
    }

    private Batch delete(Group group, String condition, LocalDateTime before, @Nullable LocalDateTime from, int size) {
        return transaction.execute(status -> {
            var doomed = jdbc.sql("SELECT id, submitted_at FROM task_result WHERE task = :task AND state = :state"
                            + " AND submitted_at >= :from" + condition + " ORDER BY submitted_at LIMIT " + size
                            + " FOR UPDATE SKIP LOCKED")
                    .param("task", group.task())
                    .param("state", group.state().name())
                    .param("from", from == null ? EVER : from)
                    .param("before", before)
                    .query((row, number) ->
                            new Doomed(row.getString("id"), row.getObject("submitted_at", LocalDateTime.class)))
                    .list();
            if (doomed.isEmpty()) {
                return new Batch(0, from);
            }
            var ids = doomed.stream().map(Doomed::id).toList();
            jdbc.sql("DELETE FROM task_label WHERE task_id IN (:ids)")
                    .param("ids", ids)
                    .update();
            jdbc.sql("DELETE FROM task_attempt WHERE task_id IN (:ids)")
                    .param("ids", ids)
                    .update();
            jdbc.sql("DELETE FROM task_result WHERE id IN (:ids)")
                    .param("ids", ids)
                    .update();
            return new Batch(doomed.size(), doomed.get(doomed.size() - 1).submittedAt());
        });
    }
}
