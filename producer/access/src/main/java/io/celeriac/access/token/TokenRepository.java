package io.celeriac.access.token;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.instant;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.ColumnRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_token}. */
final class TokenRepository {

    private static final String SELECT =
            "SELECT id, name, role, authorities, queues, created_at, created_by, expires_at,"
                    + " used_at, outlives_creator FROM access_token ";

    private static final String CREATOR_IS_THERE = "(outlives_creator OR creator_id IS NULL OR EXISTS"
            + " (SELECT 1 FROM access_user WHERE access_user.id = access_token.creator_id AND access_user.enabled))";

    private final JdbcClient jdbc;

    TokenRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
    }

    /**
     * @param creator name of the user who makes it; null when no user does
     * @throws org.springframework.dao.DuplicateKeyException when there is a token of that name
     */
    void insert(ApiToken token, byte[] hash, @Nullable String creator) {
        jdbc.sql(
                        "INSERT INTO access_token (id, name, hash, role, authorities, queues, created_at, created_by, expires_at,"
                                + " outlives_creator, creator_id)"
                                + " VALUES (:id, :name, :hash, :role, :authorities, :queues, :createdAt, :createdBy, :expiresAt,"
                                + " :outlivesCreator, (SELECT id FROM access_user WHERE name = :creator))")
                .param("id", token.id())
                .param("name", token.name())
                .param("hash", hash)
                .params(ColumnRepository.values(token.grant()))
                .param("createdAt", utc(token.createdAt()))
                .param("createdBy", token.createdBy())
                .param("expiresAt", utc(token.expiresAt()))
                .param("outlivesCreator", token.outlivesCreator())
                .param("creator", creator)
                .update();
    }

    /** The token of a digest, unless it has stopped with its creator. */
    Optional<ApiToken> byHash(byte[] hash) {
        return jdbc.sql(SELECT + "WHERE hash = :hash AND " + CREATOR_IS_THERE)
                .param("hash", hash)
                .query((row, number) -> read(row))
                .optional();
    }

    Optional<ApiToken> byName(String name) {
        return jdbc.sql(SELECT + "WHERE name = :name")
                .param("name", name)
                .query((row, number) -> read(row))
                .optional()
                .filter(token -> token.name().equals(name)); // the database ignores spaces at the end
    }

    List<ApiToken> all() {
        return jdbc.sql(SELECT + "ORDER BY name")
                .query((row, number) -> read(row))
                .list();
    }

    boolean delete(String name) {
        return byName(name)
                .map(token -> jdbc.sql("DELETE FROM access_token WHERE id = :id")
                        .param("id", token.id())
                        .update())
                .filter(deleted -> deleted > 0)
                .isPresent();
    }

    /** Notes a use, unless a later one is noted. */
    void used(String id, Instant now) {
        jdbc.sql("UPDATE access_token SET used_at = :now WHERE id = :id AND (used_at IS NULL OR used_at < :now)")
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    private static ApiToken read(ResultSet row) throws SQLException {
        return new ApiToken(
                row.getString("id"),
                row.getString("name"),
                ColumnRepository.grant(row),
                at(row, "created_at"),
                row.getString("created_by"),
                instant(row, "expires_at"),
                instant(row, "used_at"),
                row.getBoolean("outlives_creator"));
    }
}
