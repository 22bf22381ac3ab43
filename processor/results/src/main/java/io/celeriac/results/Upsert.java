package io.celeriac.results;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * The SQL that writes rows by the rule of {@link Change#replaces}, whatever is there already and whoever writes at the
 * same time.
 *
 * <p>The server assigns from left to right, and a later assignment sees the earlier ones. So the columns of the condition
 * go last, and the revision before the state: after {@code revision} took its new value the condition still holds,
 * whereas after {@code state} it might not.
 */
final class Upsert {

    private static final String FINAL = " IN ('SUCCESS', 'FAILURE', 'REVOKED'))";
    private static final String REPLACES = "(VALUES(state)" + FINAL + " > (state" + FINAL + " OR (VALUES(state)" + FINAL
            + " = (state" + FINAL + " AND VALUES(revision) >= revision";

    private Upsert() {}

    /**
     * @param table has the columns state and revision
     * @param key the columns of its primary key
     * @param columns all of them, in the order of the parameters
     */
    static String byRowRule(String table, List<String> key, List<String> columns) {
        var assigned = columns.stream()
                .filter(column -> !key.contains(column) && !column.equals("revision") && !column.equals("state"))
                .toList();
        return insert(table, columns)
                + java.util.stream.Stream.concat(assigned.stream(), java.util.stream.Stream.of("revision", "state"))
                        .map(column -> column + " = IF(" + REPLACES + ", VALUES(" + column + "), " + column + ")")
                        .collect(joining(", "));
    }

    /** Leaves a row that is there as it is; unlike INSERT IGNORE, it still refuses data that does not fit. */
    static String ifAbsent(String table, String key, List<String> columns) {
        return insert(table, columns) + key + " = " + key;
    }

    private static String insert(String table, List<String> columns) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + columns.stream().map(column -> "?").collect(joining(", ")) + ") ON DUPLICATE KEY UPDATE ";
    }
}
