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
     * A character that is none, a value cut off, JSON that is none, and a broken constraint, by MySQL and by MariaDB; a trigger's signal.
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
     * Whether an error is the fault of what was to be written for one row: a value or a constraint that does not fit, or a trigger that
     * refuses it. Any other would meet all rows alike.
     */
    public static boolean isFaultOfRow(DataAccessException error) {
        return error instanceof DataIntegrityViolationException
                || (error.getRootCause() instanceof SQLException cause && ROW_FAULTS.contains(cause.getErrorCode()));
    }
}
