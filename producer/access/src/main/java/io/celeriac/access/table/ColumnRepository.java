package io.celeriac.access.table;

import io.celeriac.access.grant.Grant;
import io.celeriac.access.grant.Role;
import io.celeriac.contract.TaskJson;
import io.celeriac.web.caller.Authority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The columns that users and tokens have alike.
 *
 * <p>Instants cross the driver as {@link LocalDateTime} in UTC, which no driver shifts by a time zone.
 */
public final class ColumnRepository {

    private static final TypeReference<Set<String>> NAMES = new TypeReference<>() {};

    private ColumnRepository() {}

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

    /** The values of a grant's columns by parameter name. */
    public static Map<String, @Nullable Object> values(Grant grant) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        values.put("role", grant.role() == null ? null : grant.role().word());
        values.put(
                "authorities",
                grant.authorities().stream().map(Authority::word).sorted().collect(Collectors.joining(" ")));
        values.put(
                "queues",
                grant.queues() == null ? null : TaskJson.MAPPER.writeValueAsString(new TreeSet<>(grant.queues())));
        return values;
    }

    /** Reads a grant. Words that this version does not know grant nothing. */
    public static Grant grant(ResultSet row) throws SQLException {
        var authorities = Arrays.stream(row.getString("authorities").split(" "))
                .map(Authority::of)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        var queues = row.getString("queues");
        return Grant.stored(
                Role.of(row.getString("role")).orElse(null),
                authorities,
                queues == null ? null : TaskJson.MAPPER.readValue(queues, NAMES));
    }
}
