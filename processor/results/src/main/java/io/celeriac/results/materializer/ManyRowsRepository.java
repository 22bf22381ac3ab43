package io.celeriac.results.materializer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes many rows with few statements.
 *
 * <p>The driver makes long statements of a batch, too. But it copies the values, and formats each twice to learn how long the statement
 * gets. In a profile that took nearly half of the materializer's own time.
 */
final class ManyRowsRepository {

    /** Rows of a statement. More would save little; the driver parses each statement of another length anew. */
    private static final int MOST_ROWS = 250;

    /** Characters of a statement, if it has several rows. Servers take 16 MiB or more, and a character has at most 4 bytes. */
    private static final int MOST_CHARACTERS = 1 << 21;

    /**
     * @param sql of the statement
     * @param getSql what an error message quotes: the SQL of one row
     */
    private record Preparation(String sql, String getSql) implements PreparedStatementCreator, SqlProvider {

        @Override
        public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
            return connection.prepareStatement(sql);
        }
    }

    private final JdbcTemplate jdbc;

    ManyRowsRepository(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes rows in their order.
     *
     * @param sql writes one row; its only parameters are the values, {@code (?, ?, …)}
     * @param rows as long as there are parameters
     */
    void write(String sql, List<Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        var longest =
                rows.stream().mapToInt(ManyRowsRepository::characters).max().orElse(0);
        var size = Math.max(1, Math.min(MOST_ROWS, MOST_CHARACTERS / Math.max(1, longest)));
        var rest = rows.size() % size;
        write(sql, rows.subList(0, rows.size() - rest), size);
        write(sql, rows.subList(rows.size() - rest, rows.size()), rest);
    }

    /** Prepares one statement, and executes it for each so many rows. */
    private void write(String sql, List<Object[]> rows, int size) {
        if (rows.isEmpty()) {
            return;
        }
        var length = rows.get(0).length;
        var used = IntStream.range(0, length)
                .filter(column -> rows.stream().anyMatch(row -> row[column] != null))
                .toArray();
        var values = Stream.generate(() -> "?").limit(length).toArray(String[]::new);
        var all = parenthesized(values);
        Arrays.fill(values, "NULL"); // a column that no row uses needs no parameters
        Arrays.stream(used).forEach(column -> values[column] = "?");
        var one = parenthesized(values);
        var ofAll = sql.replace(all, String.join(", ", Collections.nCopies(size, one)));
        jdbc.execute(new Preparation(ofAll, sql), (PreparedStatementCallback<Integer>) statement -> {
            for (var from = 0; from < rows.size(); from += size) {
                set(statement, rows.subList(from, from + size), used);
                statement.executeUpdate();
            }
            return rows.size();
        });
    }

    private static String parenthesized(String[] values) {
        return "(" + String.join(", ", values) + ")";
    }

    private static void set(PreparedStatement statement, List<Object[]> rows, int[] columns) throws SQLException {
        var parameter = 1;
        for (var row : rows) {
            for (var column : columns) {
                statement.setObject(parameter++, row[column]);
            }
        }
    }

    private static int characters(Object[] row) {
        return Arrays.stream(row)
                .mapToInt(value ->
                        value instanceof String text ? text.length() : value instanceof byte[] bytes ? bytes.length : 0)
                .sum();
    }
}
