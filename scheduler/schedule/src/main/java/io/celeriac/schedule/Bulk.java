package io.celeriac.schedule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.ResultSetExtractor;

/** Keeps schedules that are large out of the memory where many are read at once. */
final class Bulk {

    /** Characters of arguments and labels in one batch, which take several times as many bytes once they are read. */
    static final long ENOUGH = 4L << 20;

    /** Fetch size by which the driver does not read all rows before it hands out the first. */
    static final int ROW_BY_ROW = Integer.MIN_VALUE;

    private Bulk() {}

    /** Reads one row. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * What was read.
     *
     * @param isCut whether that was enough, so that there may be more
     */
    record Part<T>(List<T> rows, boolean isCut) {}

    /** Reads at least one row, and none behind those that are enough. */
    static <T> ResultSetExtractor<Part<T>> of(Reading<? extends T> reading) {
        return rows -> {
            var read = new ArrayList<T>();
            var characters = 0L;
            while (characters < ENOUGH && rows.next()) {
                read.add(reading.read(rows));
                characters += length(rows, "args") + length(rows, "kwargs") + length(rows, "labels");
            }
            return new Part<>(read, characters >= ENOUGH);
        };
    }

    private static long length(ResultSet row, String column) throws SQLException {
        var text = row.getString(column);
        return text == null ? 0 : text.length();
    }
}
