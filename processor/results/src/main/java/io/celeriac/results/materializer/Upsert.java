package io.celeriac.results.materializer;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;

/**
 * The SQL that writes rows by the rule of {@link ResultChange#replaces}, whatever is there already and whoever writes at the
 * same time.
 *
 * <p>The server assigns from left to right, and a later assignment sees the earlier ones. So the columns of the condition
 * go last, the least important first: once {@code revision} has its new value, the condition still holds, whereas after {@code run_at} it
 * might not.
 */
final class Upsert {

    private static final String FINAL = " IN ('SUCCESS', 'FAILURE', 'REVOKED')";
    private static final String REPLACES =
            "(VALUES(run_at), COALESCE(VALUES(record_offset), record_offset, -1), VALUES(state)" + FINAL
                    + ", VALUES(revision)) >= (COALESCE(run_at, VALUES(run_at)),"
                    + " COALESCE(record_offset, VALUES(record_offset), -1), state" + FINAL + ", revision)";
    private static final List<String> OF_THE_CONDITION = List.of("revision", "state", "record_offset", "run_at");

    private Upsert() {}

    /**
     * @param table has the columns of the condition
     * @param kept the key, and columns that stay as they are in an existing row
     * @param columns all of them, in the order of the parameters
     */
    static String byRowRule(String table, List<String> kept, List<String> columns) {
        var free = columns.stream().filter(column -> !kept.contains(column) && !OF_THE_CONDITION.contains(column));
        return insert(table, columns)
                + Stream.concat(free, OF_THE_CONDITION.stream())
                        .map(column -> column + " = IF(" + REPLACES + ", VALUES(" + column + "), " + column + ")")
                        .collect(joining(", "));
    }

    /** Leaves an existing row as it is; unlike INSERT IGNORE, it still refuses data that does not fit. */
    static String ifAbsent(String table, String key, List<String> columns) {
        return insert(table, columns) + key + " = " + key;
    }

    private static String insert(String table, List<String> columns) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + columns.stream().map(column -> "?").collect(joining(", ")) + ") ON DUPLICATE KEY UPDATE ";
    }
}
