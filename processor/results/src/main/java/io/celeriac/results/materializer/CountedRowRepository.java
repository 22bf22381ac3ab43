package io.celeriac.results.materializer;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.count.CountChanges;
import io.celeriac.results.count.EndedTask;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Compares changes with the rows that they meet, to count what is submitted and what ends. Part of the transaction that writes the changes. */
final class CountedRowRepository {

    private static final String COLUMNS =
            "id, task, queue, state, attempt, revision, run_at, record_offset, submitted_at, eta, started_at, finished_at,"
                    + " error_type, error_stack_trace";

    private final JdbcTemplate jdbc;

    CountedRowRepository(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Compares changes with the rows that are there before them.
     *
     * @param counts what the changes add to the counters of what ended
     * @param unseen changes that met no row: one of them has created its row, unless another program was faster
     */
    record Comparison(CountChanges counts, List<ResultChange> unseen) {}

    /**
     * What the changes add to the counters of what ended. A row that is replaced no longer counts, so a repeated record changes nothing.
     *
     * <p>The rows need no lock. The transaction holds the stored position of the partition, so no other program writes results of
     * these ids; a row for an accepted task is not counted as ended; and a row that is deleted meanwhile has been counted.
     *
     * @param changes one for each row
     */
    Comparison compare(List<ResultChange> changes) {
        var stored = stored(changes.stream().map(change -> change.result().id()).toList());
        var counts = new CountChanges();
        var unseen = new ArrayList<ResultChange>();
        for (var change : changes) {
            var row = stored.get(change.result().id());
            if (row == null) {
                unseen.add(change);
                change.ended().ifPresent(counts::add);
            } else if (row.givesWayTo(change)) {
                row.ended().ifPresent(counts::remove);
                change.ended().ifPresent(counts::add);
            }
        }
        return new Comparison(counts, unseen);
    }

    /**
     * Counts the submissions whose rows this transaction has created. A row keeps the number of the transaction that created it, so
     * programs that write the same id at the same time count it once.
     *
     * @param changes one for each row; all have been written
     * @param firstWrite the number of this transaction
     */
    void addCreated(List<ResultChange> changes, long firstWrite, CountChanges counts) {
        if (changes.isEmpty()) {
            return;
        }
        var created = new HashSet<String>();
        jdbc.query(
                "SELECT id FROM task_result WHERE id IN (" + marks(changes.size()) + ") AND first_write = ?",
                (RowCallbackHandler) row -> created.add(row.getString("id")),
                Stream.concat(changes.stream().map(change -> change.result().id()), Stream.of(firstWrite))
                        .toArray());
        changes.stream()
                .filter(change -> created.contains(change.result().id()))
                .forEach(change -> counts.addSubmitted(
                        change.submittedAt(),
                        change.result().queue(),
                        change.result().task()));
    }

    private static String marks(int parameters) {
        return String.join(", ", Collections.nCopies(parameters, "?"));
    }

    private Map<String, StoredRow> stored(List<String> ids) {
        var stored = new HashMap<String, StoredRow>();
        if (!ids.isEmpty()) {
            jdbc.query(
                    "SELECT " + COLUMNS + " FROM task_result WHERE id IN (" + marks(ids.size()) + ")",
                    (RowCallbackHandler) row -> stored.put(row.getString("id"), read(row)),
                    ids.toArray());
        }
        return stored;
    }

    private static StoredRow read(ResultSet row) throws SQLException {
        var state = row.getString("state");
        var isFinal = Arrays.stream(TaskState.values())
                .anyMatch(one -> one.isFinal() && one.name().equals(state));
        return new StoredRow(
                row.getObject("run_at", LocalDateTime.class),
                row.getObject("record_offset", Long.class),
                isFinal,
                row.getLong("revision"),
                isFinal ? Optional.of(ended(row, state)) : Optional.empty());
    }

    private static EndedTask ended(ResultSet row, String state) throws SQLException {
        var times = new EndedTask.Times(
                row.getInt("attempt"),
                row.getObject("submitted_at", LocalDateTime.class),
                row.getObject("eta", LocalDateTime.class),
                row.getObject("started_at", LocalDateTime.class),
                row.getObject("finished_at", LocalDateTime.class));
        var ended = EndedTask.of(row.getString("queue"), row.getString("task"), state, times);
        return state.equals(TaskState.FAILURE.name())
                ? ended.because(row.getString("error_type"), ErrorOrigin.of(row.getString("error_stack_trace")), times)
                : ended;
    }
}
