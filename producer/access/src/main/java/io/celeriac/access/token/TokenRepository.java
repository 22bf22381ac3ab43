package io.celeriac.access.token;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.instant;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.AccessTables;
import io.celeriac.access.table.ColumnRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_token}. */
final class TokenRepository {

    private static final String SELECT =
            "SELECT id, name, role, authorities, queues, created_at, created_by, expires_at, used_at FROM access_token ";

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    TokenRepository(DataSource database, AccessTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /**
     * @throws org.springframework.dao.DuplicateKeyException when there is a token of that name
     */
    void insert(ApiToken token, byte[] hash) {
        jdbc.sql(
                        "INSERT INTO access_token (id, name, hash, role, authorities, queues, created_at, created_by, expires_at)"
                                + " VALUES (:id, :name, :hash, :role, :authorities, :queues, :createdAt, :createdBy, :expiresAt)")
                .param("id", token.id())
                .param("name", token.name())
                .param("hash", hash)
                .params(ColumnRepository.values(token.grant()))
                .param("createdAt", utc(token.createdAt()))
                .param("createdBy", token.createdBy())
                .param("expiresAt", utc(token.expiresAt()))
                .update();
    }

    Optional<ApiToken> byHash(byte[] hash) {
        return jdbc.sql(SELECT + "WHERE hash = :hash")
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
                instant(row, "used_at"));
    }
}
