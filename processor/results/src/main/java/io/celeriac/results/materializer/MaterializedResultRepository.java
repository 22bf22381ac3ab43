package io.celeriac.results.materializer;

import static java.util.Comparator.comparing;

import io.celeriac.results.table.Label;
import io.celeriac.results.table.ResultTables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what the results topic says, together with how far it has been read. Every method is one transaction, and safe
 * to repeat.
 *
 * <p>It tells two kinds of failure apart. A {@link RefusedRowException} is the fault of a row: without that row the rest can be
 * written. Everything else is the fault of the database, and concerns all rows alike: try again.
 */
public final class MaterializedResultRepository {

    private static final String UPSERT_RESULT =
            Upsert.byRowRule("task_result", List.of("id"), ResultColumns.names(ResultColumns.RESULT));
    private static final String INSERT_PENDING =
            Upsert.ifAbsent("task_result", "id", ResultColumns.names(ResultColumns.RESULT));
    private static final String UPSERT_ATTEMPT =
            Upsert.byRowRule("task_attempt", List.of("task_id", "attempt"), ResultColumns.names(ResultColumns.ATTEMPT));
    private static final String UPSERT_LABEL =
            "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (?, ?, ?, ?)"
                    + " ON DUPLICATE KEY UPDATE value = VALUES(value)";
    private static final String FIRST_OFFSET =
            "INSERT INTO materialized_offset (next_offset, topic_id, topic, record_partition) VALUES (?, ?, ?, ?)";
    private static final String NEXT_OFFSET = "UPDATE materialized_offset SET next_offset = ?, topic_id = ?"
            + " WHERE topic = ? AND record_partition = ? AND next_offset = ? AND topic_id = ?";

    /** A statement that takes longer is given up, and tried again: the database is as good as away. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** SQL states of what is wrong with data: it does not fit, breaks a constraint, or somebody's trigger objects. */
    private static final Set<String> DATA_ERRORS = Set.of("22", "23", "45");

    /**
     * What MySQL and MariaDB say of data beyond what SQL states tell: not of the character set (1300, 1366, 3988), larger than
     * max_allowed_packet (1153).
     */
    private static final Set<Integer> DATA_ERROR_CODES = Set.of(1300, 1366, 3988, 1153);

    /** What the driver says before it sends what is larger than max_allowed_packet. */
    private static final String TOO_LARGE = "PacketTooBigException";

    private final JdbcTemplate jdbc;
    private final JdbcTemplate emptying;
    private final ResultTables tables;
    private final JdbcTransactionManager transactions;
    private final TransactionTemplate transaction;

    /**
     * @param tables asked each time whether they are there by now
     */
    public MaterializedResultRepository(DataSource database, ResultTables tables) {
        this.tables = tables;
        jdbc = new JdbcTemplate(database);
        jdbc.setQueryTimeout((int) PATIENCE.toSeconds());
        emptying = new JdbcTemplate(database);
        transactions = new JdbcTransactionManager(database);
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /**
     * Writes the rows that change, by the row rule, and how far that takes the tables.
     *
     * @param changes in the order of the topic; of one task, only what is in force goes to the database
     * @throws RefusedRowException when one of the rows cannot be written, which no repetition mends
     * @throws MovedPositionException when the database is elsewhere than the advances begin
     * @throws DataAccessException when the database is not there, or refuses for a reason of its own: try again
     */
    public void write(List<ResultChange> changes, Collection<OffsetAdvance> advances) {
        var results = rows(
                ResultColumns.RESULT,
                () -> inForce(changes, MaterializedResultRepository::id, MaterializedResultRepository::latest));
        var attempts = rows(
                ResultColumns.ATTEMPT,
                () -> inForce(
                        changes.stream()
                                .filter(change -> change.result().attempt() > 0)
                                .toList(),
                        change -> id(change) + "/" + change.result().attempt(),
                        MaterializedResultRepository::latest));
        var labels = labels(changes);
        inTransaction(() -> {
            advances.forEach(this::advance); // first, so that two programs of one partition do not even touch the rows
            write(UPSERT_RESULT, results);
            write(UPSERT_LABEL, labels);
            write(UPSERT_ATTEMPT, attempts);
        });
    }

    /**
     * Adds rows for tasks of which nothing is known yet, leaves all others as they are, and writes how far that takes the tables.
     *
     * @throws RuntimeException as {@link #write}
     */
    public void addPending(List<ResultChange> changes, Collection<OffsetAdvance> advances) {
        var results = rows(
                ResultColumns.RESULT,
                () -> inForce(changes, MaterializedResultRepository::id, MaterializedResultRepository::first));
        var labels = labels(changes);
        inTransaction(() -> {
            advances.forEach(this::advance);
            write(INSERT_PENDING, results);
            write(UPSERT_LABEL, labels);
        });
    }

    /**
     * Forgets how far the tables are and empties them. Whoever writes meanwhile notices at its next transaction.
     *
     * <p>Emptying is not undone when the program dies in the middle: then the tables are empty and their readers do not know.
     * It has to be repeated.
     */
    public void empty() {
        tables.require();
        var withoutGaps = new TransactionTemplate(transactions);
        withoutGaps.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        var elsewhere =
                new TransactionTemplate(transactions); // emptying a table ends the transaction of its own connection
        elsewhere.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        withoutGaps.executeWithoutResult(status -> {
            // Its locks keep writers away until the end; in this isolation also those of partitions that have no row
            // yet.
            emptying.update("DELETE FROM materialized_offset");
            elsewhere.executeWithoutResult(other -> {
                for (var table : List.of("task_result", "task_attempt", "task_label")) {
                    emptying.execute("TRUNCATE TABLE " + table);
                }
            });
        });
    }

    /**
     * Where the tables are, for those partitions of which anything was written.
     *
     * @throws DataAccessException when the database is not there: try again
     */
    public Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions) {
        tables.require();
        var found = new HashMap<TopicPartition, Position>();
        jdbc.query("SELECT topic, record_partition, topic_id, next_offset FROM materialized_offset", row -> {
            var partition = new TopicPartition(row.getString("topic"), row.getInt("record_partition"));
            if (partitions.contains(partition)) {
                found.put(partition, new Position(row.getString("topic_id"), row.getLong("next_offset")));
            }
        });
        return found;
    }

    private void advance(OffsetAdvance advance) {
        var topic = advance.partition().topic();
        var partition = advance.partition().partition();
        var from = advance.from();
        var to = advance.to();
        if (!from.equals(Position.NOTHING)) {
            var moved = jdbc.update(
                    NEXT_OFFSET, to.offset(), to.topicId(), topic, partition, from.offset(), from.topicId());
            if (moved != 1) {
                throw new MovedPositionException(advance);
            }
            return;
        }
        try {
            jdbc.update(FIRST_OFFSET, to.offset(), to.topicId(), topic, partition);
        } catch (DuplicateKeyException e) {
            throw new MovedPositionException(advance);
        }
    }

    private static ResultChange latest(ResultChange old, ResultChange next) {
        return next.replaces(old) ? next : old;
    }

    /** A second record of an accepted task is a duplicate. */
    private static ResultChange first(ResultChange old, ResultChange next) {
        return old;
    }

    private static String id(ResultChange change) {
        return change.result().id();
    }

    /** One word on each row, sorted by it, so that two transactions lock their common rows in the same order. */
    private static List<ResultChange> inForce(
            List<ResultChange> changes, Function<ResultChange, String> row, BinaryOperator<ResultChange> which) {
        var chosen = new HashMap<String, ResultChange>();
        changes.forEach(change -> chosen.merge(row.apply(change), change, which));
        var sorted = new ArrayList<>(chosen.values());
        sorted.sort(comparing(row));
        return sorted;
    }

    private static List<Object[]> rows(List<Column<ResultChange>> columns, Supplier<List<ResultChange>> changes) {
        return computed(() -> changes.get().stream()
                .map(change -> columns.stream()
                        .map(column -> column.value().apply(change))
                        .toArray())
                .toList());
    }

    /** Of every run that is spoken of: each has rows of its own. */
    private static List<Object[]> labels(List<ResultChange> changes) {
        return computed(() -> changes.stream()
                .flatMap(ResultColumns::labels)
                .sorted(comparing(Label::taskId).thenComparing(Label::name).thenComparing(Label::submittedAt))
                .distinct()
                .map(label -> new Object[] {
                    label.taskId(), Label.compared(label.name()), Label.compared(label.value()), label.submittedAt()
                })
                .toList());
    }

    /** Before the database is asked: what goes wrong here is the fault of a record, and of nothing else. */
    private static List<Object[]> computed(Supplier<List<Object[]>> rows) {
        try {
            return rows.get();
        } catch (RuntimeException | StackOverflowError e) {
            throw new RefusedRowException(e.getClass().getSimpleName(), e);
        }
    }

    private void write(String sql, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        jdbc.batchUpdate(sql, rows, rows.size(), (statement, row) -> {
            for (var index = 0; index < row.length; index++) {
                statement.setObject(index + 1, row[index]);
            }
        });
    }

    private void inTransaction(Runnable work) {
        tables.require();
        try {
            transaction.executeWithoutResult(status -> work.run());
        } catch (DataAccessException e) {
            throw dataError(e)
                    .<RuntimeException>map(error -> new RefusedRowException(
                            "SQL state " + error.getSQLState() + ", error " + error.getErrorCode(), error))
                    .orElse(e);
        }
    }

    private static Optional<SQLException> dataError(DataAccessException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal && isDataError(refusal)) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }

    private static boolean isDataError(SQLException error) {
        var state = error.getSQLState();
        return (state != null && state.length() == 5 && DATA_ERRORS.contains(state.substring(0, 2)))
                || DATA_ERROR_CODES.contains(error.getErrorCode())
                || error.getClass().getSimpleName().equals(TOO_LARGE);
    }
}
