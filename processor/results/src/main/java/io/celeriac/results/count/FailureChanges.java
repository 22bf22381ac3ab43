package io.celeriac.results.count;

import java.time.LocalDateTime;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a transaction adds to the counters of failed tasks, and takes from them. Not safe for use by several threads. */
final class FailureChanges {

    private record Change(int tasks, LocalDateTime lastAt) {

        Change plus(Change other) {
            return new Change(tasks + other.tasks, lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
        }
    }

    private final TreeMap<FailureKey, Change> changes = new TreeMap<>();

    static String sql(String table, String time) {
        return "INSERT INTO " + table + " (" + time
                + ", kind, slot, queue, task, error_type, error_origin, tasks, last_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE"
                + " tasks = tasks + VALUES(tasks), last_at = GREATEST(last_at, VALUES(last_at))";
    }

    /**
     * @param tasks 1, or -1 to take one back
     */
    void add(CountKey key, FailureCause cause, int tasks) {
        changes.merge(
                new FailureKey(key.time(), key.queue(), key.task(), cause.errorType(), cause.origin()),
                new Change(tasks, cause.at()),
                Change::plus);
    }

    List<Object[]> minutes(int slot) {
        return rows(changes, slot);
    }

    List<Object[]> hours(int slot) {
        var hours = new TreeMap<FailureKey, Change>();
        changes.forEach((key, change) -> hours.merge(key.inItsHour(), change, Change::plus));
        return rows(hours, slot);
    }

    private static List<Object[]> rows(SortedMap<FailureKey, Change> changes, int slot) {
        return changes.entrySet().stream()
                .filter(change -> change.getValue().tasks != 0)
                .map(change -> row(change.getKey(), change.getValue(), slot))
                .toList();
    }

    @SuppressWarnings("NullAway") // a column may be NULL
    private static Object[] row(FailureKey key, Change change, int slot) {
        return new Object[] {
            key.time(),
            key.kind(),
            slot,
            key.queue(),
            key.task(),
            key.errorType(),
            key.origin(),
            change.tasks,
            change.lastAt
        };
    }
}
