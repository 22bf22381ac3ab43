package io.celeriac.bench.subject;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Plain JDBC, as fast as it goes: {@code INSERT … ON DUPLICATE KEY UPDATE} of everything, a transaction for each batch. */
final class BareUpsertRepository {

    private static final int FETCH = 1_000;

    private final DataSource database;

    BareUpsertRepository(DataSource database) {
        this.database = database;
    }

    /**
     * Tasks and their attempts, in order of their ids.
     *
     * @param results of {@code task_result}
     * @param attempts of {@code task_attempt}, as many, each of the result at its place
     */
    record Rows(Table results, Table attempts) {

        int size() {
            return results.rows().size();
        }

        Rows part(int from, int to) {
            return new Rows(results.part(from, Math.min(to, size())), attempts.part(from, Math.min(to, size())));
        }
    }

    /**
     * Rows as JDBC takes them.
     *
     * @param upsert the SQL that writes one
     */
    record Table(String upsert, List<@Nullable Object[]> rows) {

        private Table part(int from, int to) {
            return new Table(upsert, rows.subList(from, to));
        }
    }

    /** All there are. */
    static Rows read(DataSource database) {
        try (var connection = database.getConnection()) {
            var rows = new Rows(
                    read(connection, "task_result", "id", Set.of("id")),
                    read(connection, "task_attempt", "task_id", Set.of("task_id", "attempt")));
            if (rows.results().rows().size() != rows.attempts().rows().size()) {
                throw new IllegalStateException("there must be one attempt for each task");
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the rows", e);
        }
    }

    private static Table read(Connection connection, String table, String order, Set<String> keys) throws SQLException {
        var rows = new ArrayList<@Nullable Object[]>();
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(FETCH);
            try (var result = statement.executeQuery("SELECT * FROM " + table + " ORDER BY " + order)) {
                var names = names(result);
                while (result.next()) {
                    var row = new Object[names.size()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = result.getObject(i + 1);
                    }
                    rows.add(row);
                }
                return new Table(upsert(table, names, keys), rows);
            }
        }
    }

    private static List<String> names(ResultSet result) throws SQLException {
        var names = new ArrayList<String>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            names.add(result.getMetaData().getColumnName(i));
        }
        return names;
    }

    private static String upsert(String table, List<String> columns, Set<String> keys) {
        return "INSERT INTO " + table + " (" + String.join(", ", columns) + ") VALUES ("
                + columns.stream().map(column -> "?").collect(joining(", ")) + ") ON DUPLICATE KEY UPDATE "
                + columns.stream()
                        .filter(column -> !keys.contains(column))
                        .map(column -> column + " = VALUES(" + column + ")")
                        .collect(joining(", "));
    }

    /**
     * Writes all, on one connection.
     *
     * @param done told after each batch how many results were in it
     */
    void write(Rows rows, int batch, IntConsumer done) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            for (int from = 0; from < rows.size(); from += batch) {
                var part = rows.part(from, from + batch);
                write(connection, part.results());
                write(connection, part.attempts());
                connection.commit();
                done.accept(part.size());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write the rows", e);
        }
    }

    private static void write(Connection connection, Table table) throws SQLException {
        try (var statement = connection.prepareStatement(table.upsert())) {
            for (var row : table.rows()) {
                for (int i = 0; i < row.length; i++) {
                    statement.setObject(i + 1, row[i]);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
