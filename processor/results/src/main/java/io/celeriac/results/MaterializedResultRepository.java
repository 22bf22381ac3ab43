package io.celeriac.results;

import static java.util.Comparator.comparing;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what the results topic says, together with how far it has been read. Every method is one transaction, and safe
 * to repeat.
 */
final class MaterializedResultRepository {

    private static final String UPSERT_RESULT =
            Upsert.byRowRule("task_result", List.of("id"), ResultColumns.names(ResultColumns.RESULT));
    private static final String INSERT_PENDING =
            Upsert.ifAbsent("task_result", "id", ResultColumns.names(ResultColumns.RESULT));
    private static final String UPSERT_ATTEMPT =
            Upsert.byRowRule("task_attempt", List.of("task_id", "attempt"), ResultColumns.names(ResultColumns.ATTEMPT));
    private static final String UPSERT_LABEL =
            "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (?, ?, ?, ?)"
                    + " ON DUPLICATE KEY UPDATE value = VALUES(value), submitted_at = VALUES(submitted_at)";
    private static final String FIRST_OFFSET =
            "INSERT INTO materialized_offset (next_offset, topic, record_partition) VALUES (?, ?, ?)";
    private static final String NEXT_OFFSET = "UPDATE materialized_offset SET next_offset = ?"
            + " WHERE topic = ? AND record_partition = ? AND next_offset = ?";

    /** What MySQL and MariaDB say of a value that does not fit, beyond what SQL states tell: 1300, 1366, 3988. */
    private static final Set<Integer> UNFIT_TEXT = Set.of(1300, 1366, 3988);

    private final JdbcTemplate jdbc;
    private final JdbcTransactionManager transactions;
    private final TransactionTemplate transaction;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    MaterializedResultRepository(DataSource database, ResultTables tables) {
        jdbc = new JdbcTemplate(database);
        transactions = new JdbcTransactionManager(database);
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Writes the rows that change, by the row rule, and how far that takes the tables.
     *
     * @param changes in the order of the topic; of one task, only what is in force goes to the database
     * @throws RefusedRowException when the database does not take one of the rows, which no repetition mends
     * @throws MovedPositionException when the database is elsewhere than the advances begin
     * @throws DataAccessException when the database is not there: try again
     */
    void write(List<Change> changes, Collection<Advance> advances) {
        inTransaction(() -> {
            advances.forEach(this::advance); // first, so that two programs of one partition do not even touch the rows
            upsert(
                    UPSERT_RESULT,
                    ResultColumns.RESULT,
                    inForce(changes, change -> change.result().id()));
            addLabels(changes);
            var attempts = changes.stream()
                    .filter(change -> change.result().attempt() > 0)
                    .toList();
            upsert(
                    UPSERT_ATTEMPT,
                    ResultColumns.ATTEMPT,
                    inForce(
                            attempts,
                            change ->
                                    change.result().id() + "/" + change.result().attempt()));
        });
    }

    /**
     * Adds rows for tasks of which nothing is known yet, leaves all others as they are, and writes how far that takes the tables.
     *
     * @throws RuntimeException as {@link #write}
     */
    void addPending(List<Change> changes, Collection<Advance> advances) {
        inTransaction(() -> {
            advances.forEach(this::advance);
            upsert(
                    INSERT_PENDING,
                    ResultColumns.RESULT,
                    inForce(changes, change -> change.result().id()));
            addLabels(changes);
        });
    }

    /**
     * Forgets how far the tables are and empties them. Whoever writes meanwhile notices at its next transaction.
     *
     * <p>Emptying is not undone when the program dies in the middle: then the tables are empty and their readers do not know.
     * It has to be repeated.
     */
    void empty() {
        var withoutGaps = new TransactionTemplate(transactions);
        withoutGaps.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        var elsewhere =
                new TransactionTemplate(transactions); // emptying a table ends the transaction of its own connection
        elsewhere.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        withoutGaps.executeWithoutResult(status -> {
            // Its locks keep writers away until the end; in this isolation also those of partitions that have no row
            // yet.
            jdbc.update("DELETE FROM materialized_offset");
            elsewhere.executeWithoutResult(other -> {
                for (var table : List.of("task_result", "task_attempt", "task_label")) {
                    jdbc.execute("TRUNCATE TABLE " + table);
                }
            });
        });
    }

    /** Where to read on, for those partitions of which anything was written. */
    Map<TopicPartition, Long> nextOffsets(Collection<TopicPartition> partitions) {
        var offsets = new HashMap<TopicPartition, Long>();
        jdbc.query("SELECT topic, record_partition, next_offset FROM materialized_offset", row -> {
            var partition = new TopicPartition(row.getString("topic"), row.getInt("record_partition"));
            if (partitions.contains(partition)) {
                offsets.put(partition, row.getLong("next_offset"));
            }
        });
        return offsets;
    }

    private void advance(Advance advance) {
        var topic = advance.partition().topic();
        var partition = advance.partition().partition();
        if (advance.from() != Advance.NOTHING) {
            if (jdbc.update(NEXT_OFFSET, advance.to(), topic, partition, advance.from()) != 1) {
                throw new MovedPositionException(advance);
            }
            return;
        }
        try {
            jdbc.update(FIRST_OFFSET, advance.to(), topic, partition);
        } catch (DuplicateKeyException e) {
            throw new MovedPositionException(advance);
        }
    }

    private void addLabels(List<Change> changes) {
        var labels = inForce(changes, change -> change.result().id()).stream()
                .flatMap(ResultColumns::labels)
                .toList();
        if (!labels.isEmpty()) {
            jdbc.batchUpdate(UPSERT_LABEL, labels, labels.size(), (statement, label) -> {
                statement.setString(1, label.taskId());
                statement.setString(2, label.name());
                statement.setString(3, label.value());
                statement.setObject(4, label.submittedAt());
            });
        }
    }

    /** The last word on each row, sorted by it, so that two transactions lock their common rows in the same order. */
    private static List<Change> inForce(List<Change> changes, Function<Change, String> row) {
        var latest = new HashMap<String, Change>();
        for (var change : changes) {
            latest.merge(row.apply(change), change, (old, next) -> next.replaces(old) ? next : old);
        }
        var sorted = new ArrayList<>(latest.values());
        sorted.sort(comparing(row));
        return sorted;
    }

    private void upsert(String sql, List<Column<Change>> columns, List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        jdbc.batchUpdate(sql, changes, changes.size(), (statement, change) -> {
            var index = 1;
            for (var column : columns) {
                statement.setObject(index++, column.value().apply(change));
            }
        });
    }

    private void inTransaction(Runnable work) {
        try {
            transaction.executeWithoutResult(status -> work.run());
        } catch (DataAccessException e) {
            throw isRefusal(e) ? new RefusedRowException(e) : e;
        }
    }

    private static boolean isRefusal(DataAccessException error) {
        return error instanceof DataIntegrityViolationException
                || (error.getRootCause() instanceof SQLException cause && UNFIT_TEXT.contains(cause.getErrorCode()));
    }
}
