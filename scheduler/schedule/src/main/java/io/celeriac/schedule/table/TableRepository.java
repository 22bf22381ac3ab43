package io.celeriac.schedule.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * The instants and the errors that all repositories of this module read alike.
 *
 * <p>Instants cross the driver as {@link LocalDateTime} in UTC, which no driver shifts by a time zone.
 */
public final class TableRepository {

    /**
     * Error codes of MySQL and MariaDB: an invalid character, a value too long, invalid JSON, a broken constraint, and the signal of a
     * trigger.
     */
    private static final Set<Integer> ROW_FAULTS = Set.of(1264, 1265, 1292, 1366, 1406, 1644, 3140, 3819, 4025);

    private TableRepository() {}

    /** An instant as a column takes it; null for null. */
    public static @Nullable LocalDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    /** The instant of a column that may be null. */
    public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }

    /** The instant of a column that is never null. */
    public static Instant at(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    /**
     * Whether the values of one row caused an error: by a column, a constraint or a trigger. Any other error would meet all rows alike.
     */
    public static boolean isFaultOfRow(DataAccessException error) {
        return error instanceof DataIntegrityViolationException
                || (error.getRootCause() instanceof SQLException cause && ROW_FAULTS.contains(cause.getErrorCode()));
    }
}
