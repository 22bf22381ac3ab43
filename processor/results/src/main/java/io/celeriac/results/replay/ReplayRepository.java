package io.celeriac.results.replay;

import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.table.ResultTables;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code dead_letter_replay}.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable.
 */
public final class ReplayRepository {

    private static final int DELETED_AT_ONCE = 1_000;
    private static final int TRIES = 5;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public ReplayRepository(DataSource database, ResultTables tables) {
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ); // which locks gaps
    }

    /**
     * Notes a replay, unless one is noted for the same task. Of several that come at the same moment, also to several gateways, one is
     * noted, and all get that one.
     *
     * @param digest of the value that the request gave; null for none
     * @return what is noted for the task now
     */
    public NotedReplay addFirst(DeadLetterPlace letter, DeadLetterReplay replay, @Nullable String digest) {
        for (var tried = 1; ; tried++) {
            try {
                return Objects.requireNonNull(transaction.execute(status -> ofTask(replay.taskId(), true)
                        .orElseGet(() -> {
                            add(letter, replay, digest);
                            return new NotedReplay(letter, replay.queue(), digest);
                        })));
            } catch (ConcurrencyFailureException e) { // both hold the gap, and one is let through
                if (tried == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Notes a replay. Safe to repeat: the first note of a task stays.
     *
     * @param digest of the value that the request gave; null for none
     */
    public void add(DeadLetterPlace letter, DeadLetterReplay replay, @Nullable String digest) {
        jdbc.sql("""
                        INSERT INTO dead_letter_replay (letter_partition, letter_offset, letter_time, task_id, queue, edited,
                            replayed_by, replayed_at, value_digest)
                        VALUES (:partition, :offset, :time, :task, :queue, :edited, :by, :at, :digest)
                        ON DUPLICATE KEY UPDATE queue = queue""")
                .param("partition", letter.partition())
                .param("offset", letter.offset())
                .param("time", letter.timestamp())
                .param("task", replay.taskId())
                .param("queue", replay.queue())
                .param("edited", replay.edited())
                .param("by", replay.by())
                .param("at", ResultColumns.utc(replay.at()))
                .param("digest", digest)
                .update();
    }

    /** The first replay that has made a task of this id; empty if none is noted. */
    public Optional<NotedReplay> ofTask(String taskId) {
        return ofTask(taskId, false);
    }

    private Optional<NotedReplay> ofTask(String taskId, boolean locked) {
        return jdbc.sql("SELECT letter_partition, letter_offset, letter_time, queue, value_digest"
                        + " FROM dead_letter_replay WHERE task_id = :task ORDER BY replayed_at LIMIT 1"
                        + (locked ? " FOR UPDATE" : ""))
                .param("task", taskId)
                .query((row, number) -> new NotedReplay(
                        new DeadLetterPlace(
                                row.getInt("letter_partition"),
                                row.getLong("letter_offset"),
                                row.getLong("letter_time")),
                        row.getString("queue"),
                        row.getString("value_digest")))
                .optional();
    }

    /** The replays of these dead letters, the first one first; a dead letter without a replay is absent. */
    public Map<DeadLetterPlace, List<DeadLetterReplay>> of(Collection<DeadLetterPlace> letters) {
        var found = new HashMap<DeadLetterPlace, List<DeadLetterReplay>>();
        if (letters.isEmpty()) {
            return found;
        }
        jdbc.sql("""
                        SELECT letter_partition, letter_offset, letter_time, task_id, queue, edited, replayed_by, replayed_at
                        FROM dead_letter_replay
                        WHERE letter_partition IN (:partitions) AND letter_offset IN (:offsets)
                        ORDER BY replayed_at, task_id""")
                .param(
                        "partitions",
                        letters.stream()
                                .map(DeadLetterPlace::partition)
                                .distinct()
                                .toList())
                .param(
                        "offsets",
                        letters.stream().map(DeadLetterPlace::offset).distinct().toList())
                .query((RowCallbackHandler) row -> {
                    var letter = new DeadLetterPlace(
                            row.getInt("letter_partition"), row.getLong("letter_offset"), row.getLong("letter_time"));
                    var replay = new DeadLetterReplay(
                            row.getString("task_id"),
                            row.getString("queue"),
                            row.getBoolean("edited"),
                            row.getString("replayed_by"),
                            row.getObject("replayed_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
                    found.computeIfAbsent(letter, none -> new ArrayList<>()).add(replay);
                });
        found.keySet().retainAll(letters);
        return found;
    }

    /**
     * Forgets replays of dead letters that are older; some at a time.
     *
     * @return true when there may be more
     */
    public boolean deleteBefore(Instant oldest) {
        return jdbc.sql("DELETE FROM dead_letter_replay WHERE letter_time < :oldest LIMIT " + DELETED_AT_ONCE)
                        .param("oldest", oldest.toEpochMilli())
                        .update()
                == DELETED_AT_ONCE;
    }
}
