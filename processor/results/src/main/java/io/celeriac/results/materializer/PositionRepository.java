package io.celeriac.results.materializer;

import io.celeriac.results.table.ResultTables;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code materialized_offset}, and the transactions that move it together with the rows of a poll. */
final class PositionRepository {

    private static final String FIRST_OFFSET =
            "INSERT INTO materialized_offset (next_offset, topic_id, topic, record_partition) VALUES (?, ?, ?, ?)";
    private static final String NEXT_OFFSET = "UPDATE materialized_offset SET next_offset = ?, topic_id = ?"
            + " WHERE topic = ? AND record_partition = ? AND next_offset = ? AND topic_id = ?";

    private static final String LOCK_OFFSET = "SELECT next_offset FROM materialized_offset"
            + " WHERE topic = ? AND record_partition = ? AND next_offset = ? AND topic_id = ? FOR UPDATE";

    /** Time limit of a statement. After it the database counts as unavailable, and the write is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Classes of SQL states of faulty data: it does not fit, violates a constraint, or a trigger rejects it. */
    private static final Set<String> DATA_ERRORS = Set.of("22", "23", "45");

    /**
     * Error codes of faulty data in MySQL and MariaDB that SQL states do not tell: not of the character set (1300, 1366, 3988), larger
     * than max_allowed_packet (1153).
     */
    private static final Set<Integer> DATA_ERROR_CODES = Set.of(1300, 1366, 3988, 1153);

    /** The driver's exception for data larger than max_allowed_packet, thrown before the data is sent. */
    private static final String TOO_LARGE = "PacketTooBigException";

    private final JdbcTemplate jdbc;
    private final ResultTables tables;
    private final JdbcTransactionManager transactions;
    private final TransactionTemplate transaction;

    /**
     * @param tables checked before each transaction: they may not be there yet
     */
    PositionRepository(DataSource database, ResultTables tables) {
        this.tables = tables;
        jdbc = new JdbcTemplate(database);
        jdbc.setQueryTimeout((int) PATIENCE.toSeconds());
        transactions = new JdbcTransactionManager(database);
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** What the rows of a transaction are written with. */
    JdbcTemplate jdbc() {
        return jdbc;
    }

    JdbcTransactionManager transactions() {
        return transactions;
    }

    /**
     * The stored positions of these partitions; none for a partition that has none.
     *
     * @throws DataAccessException when the database is unavailable: try again
     */
    Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions) {
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

    /**
     * Moves the stored positions and writes rows, in one transaction. The positions come first, so that two programs on one partition do
     * not compete for rows.
     *
     * @throws RefusedRowException when one of the rows cannot be written, and repeating does not help
     * @throws MovedPositionException when the stored offsets are not those from which the advances start
     * @throws DataAccessException when the database is unavailable, or refuses for a reason of its own: try again
     */
    void advance(Collection<OffsetAdvance> advances, Runnable rows) {
        tables.require();
        try {
            transaction.executeWithoutResult(status -> {
                advances.forEach(this::advance);
                rows.run();
            });
        } catch (DataAccessException e) {
            throw dataError(e)
                    .<RuntimeException>map(error -> new RefusedRowException(
                            "SQL state " + error.getSQLState() + ", error " + error.getErrorCode(), error))
                    .orElse(e);
        }
    }

    /** Computes rows before the database is involved: a failure here is always the fault of a record. */
    static <T> T computed(Supplier<T> rows) {
        try {
            return rows.get();
        } catch (DataAccessException e) {
            throw e; // of the rows that are stored
        } catch (RuntimeException | StackOverflowError e) {
            throw new RefusedRowException(e.getClass().getSimpleName(), e);
        }
    }

    private void advance(OffsetAdvance advance) {
        var topic = advance.partition().topic();
        var partition = advance.partition().partition();
        var from = advance.from();
        var to = advance.to();
        if (from.equals(to)) {
            hold(advance);
            return;
        }
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

    /** Locks the stored position, which must be the one that the advance starts from. A position that is not stored yet has no lock. */
    private void hold(OffsetAdvance advance) {
        if (!advance.from().equals(Position.NOTHING)
                && jdbc.queryForList(
                                LOCK_OFFSET,
                                advance.partition().topic(),
                                advance.partition().partition(),
                                advance.from().offset(),
                                advance.from().topicId())
                        .isEmpty()) {
            throw new MovedPositionException(advance);
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
