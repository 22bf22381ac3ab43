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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what the results topic says, together with how far it has been read. Every method is one transaction, and safe
 * to repeat.
 */
public final class MaterializedResultRepository {

    private static final List<String> OFFSET_COLUMNS = List.of("topic", "record_partition", "next_offset");
    private static final String UPSERT_RESULT =
            Upsert.byRowRule("task_result", List.of("id"), ResultColumns.names(ResultColumns.RESULT));
    private static final String INSERT_PENDING =
            Upsert.ifAbsent("task_result", "id", ResultColumns.names(ResultColumns.RESULT));
    private static final String UPSERT_ATTEMPT =
            Upsert.byRowRule("task_attempt", List.of("task_id", "attempt"), ResultColumns.names(ResultColumns.ATTEMPT));
    private static final String UPSERT_OFFSET = "INSERT INTO materialized_offset (" + String.join(", ", OFFSET_COLUMNS)
            + ") VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE next_offset = VALUES(next_offset)";

    /** What MySQL and MariaDB say of a value that does not fit, beyond what SQL states tell: 1300, 1366, 3988. */
    private static final Set<Integer> UNFIT_TEXT = Set.of(1300, 1366, 3988);

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    MaterializedResultRepository(DataSource database, ResultTables tables) {
        jdbc = new JdbcTemplate(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Writes the rows that change, by the row rule, and the offsets.
     *
     * @param changes in the order of the topic; of one task, only what is in force goes to the database
     * @param nextOffsets where to read on
     * @throws RefusedRowException when the database does not take one of the rows, which no repetition mends
     * @throws DataAccessException when the database is not there: try again
     */
    public void write(List<Change> changes, Map<TopicPartition, Long> nextOffsets) {
        inTransaction(() -> {
            upsert(
                    UPSERT_RESULT,
                    ResultColumns.RESULT,
                    inForce(changes, change -> change.result().id()));
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
            jdbc.batchUpdate(
                    UPSERT_OFFSET,
                    nextOffsets.entrySet().stream()
                            .map(next -> new Object[] {
                                next.getKey().topic(), next.getKey().partition(), next.getValue()
                            })
                            .toList());
        });
    }

    /**
     * Adds rows for tasks of which nothing is known yet; leaves all others as they are.
     *
     * @throws RefusedRowException as {@link #write}
     */
    public void addPending(List<Change> changes) {
        inTransaction(() -> upsert(
                INSERT_PENDING,
                ResultColumns.RESULT,
                inForce(changes, change -> change.result().id())));
    }

    /** Where to read on, for those partitions of which anything was written. */
    public Map<TopicPartition, Long> nextOffsets(Collection<TopicPartition> partitions) {
        var offsets = new HashMap<TopicPartition, Long>();
        jdbc.query("SELECT topic, record_partition, next_offset FROM materialized_offset", row -> {
            var partition = new TopicPartition(row.getString("topic"), row.getInt("record_partition"));
            if (partitions.contains(partition)) {
                offsets.put(partition, row.getLong("next_offset"));
            }
        });
        return offsets;
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
