package io.celeriac.results.materializer;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.result.TaskState;
import io.celeriac.results.count.CountChanges;
import io.celeriac.results.count.EndedTask;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/** Compares changes with the rows that they meet, to count what ends. Part of the transaction that writes the changes. */
final class CountedRowRepository {

    private static final String COLUMNS =
            "id, task, queue, state, attempt, revision, run_at, record_offset, submitted_at, eta, started_at, finished_at";

    private final JdbcTemplate jdbc;

    CountedRowRepository(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What the changes add to the counters. A row that is replaced no longer counts, so a repeated record changes nothing.
     *
     * <p>The rows need no lock. The transaction holds the stored position of the partition, so no other program writes results of
     * these ids; a row for an accepted task is not counted; and a row that is deleted meanwhile has been counted.
     *
     * @param changes one for each row
     */
    CountChanges changes(List<ResultChange> changes) {
        var stored = stored(changes.stream().map(change -> change.result().id()).toList());
        var counts = new CountChanges();
        for (var change : changes) {
            var row = stored.get(change.result().id());
            if (row == null) {
                change.ended().ifPresent(counts::add);
            } else if (row.givesWayTo(change)) {
                row.ended().ifPresent(counts::remove);
                change.ended().ifPresent(counts::add);
            }
        }
        return counts;
    }

    private Map<String, StoredRow> stored(List<String> ids) {
        var stored = new HashMap<String, StoredRow>();
        if (!ids.isEmpty()) {
            jdbc.query(
                    "SELECT " + COLUMNS + " FROM task_result WHERE id IN ("
                            + ids.stream().map(id -> "?").collect(joining(", ")) + ")",
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
        return EndedTask.of(
                row.getString("queue"),
                row.getString("task"),
                state,
                new EndedTask.Times(
                        row.getInt("attempt"),
                        row.getObject("submitted_at", LocalDateTime.class),
                        row.getObject("eta", LocalDateTime.class),
                        row.getObject("started_at", LocalDateTime.class),
                        row.getObject("finished_at", LocalDateTime.class)));
    }
}
