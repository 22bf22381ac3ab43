package io.celeriac.access.user;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.instant;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.grant.Grant;
import io.celeriac.access.table.AccessTables;
import io.celeriac.access.table.ColumnRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_user}. */
final class UserRepository {

    private static final String SELECT = "SELECT id, name, password, role, authorities, queues, enabled, created_at,"
            + " created_by, signed_in_at FROM access_user ";

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    UserRepository(DataSource database, AccessTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /**
     * @param first true for the user who is created while there is none
     * @throws org.springframework.dao.DuplicateKeyException when there is a user of that name, or a first one
     */
    void insert(User user, boolean first) {
        jdbc.sql(
                        "INSERT INTO access_user (id, name, password, role, authorities, queues, enabled, first_user, created_at,"
                                + " created_by, password_changed_at) VALUES (:id, :name, :password, :role, :authorities, :queues,"
                                + " :enabled, :first, :createdAt, :createdBy, :createdAt)")
                .param("id", user.id())
                .param("name", user.name())
                .param("password", user.password())
                .params(ColumnRepository.values(user.grant()))
                .param("enabled", user.enabled())
                .param("first", first ? 1 : null)
                .param("createdAt", utc(user.createdAt()))
                .param("createdBy", user.createdBy())
                .update();
    }

    boolean isEmpty() {
        return jdbc.sql("SELECT COUNT(*) FROM access_user").query(Long.class).single() == 0;
    }

    Optional<User> byId(String id) {
        return jdbc.sql(SELECT + "WHERE id = :id")
                .param("id", id)
                .query((row, number) -> read(row))
                .optional();
    }

    Optional<User> byName(String name) {
        return jdbc.sql(SELECT + "WHERE name = :name")
                .param("name", name)
                .query((row, number) -> read(row))
                .optional()
                .filter(user -> user.name().equals(name)); // the database ignores spaces at the end
    }

    List<User> all() {
        return jdbc.sql(SELECT + "ORDER BY name")
                .query((row, number) -> read(row))
                .list();
    }

    /** All users, locked until the transaction ends, so that of two changes one sees the other. */
    List<User> allLocked() {
        return jdbc.sql(SELECT + "ORDER BY id FOR UPDATE")
                .query((row, number) -> read(row))
                .list();
    }

    void setGrant(String id, Grant grant) {
        jdbc.sql("UPDATE access_user SET role = :role, authorities = :authorities, queues = :queues WHERE id = :id")
                .params(ColumnRepository.values(grant))
                .param("id", id)
                .update();
    }

    void setEnabled(String id, boolean enabled) {
        jdbc.sql("UPDATE access_user SET enabled = :enabled WHERE id = :id")
                .param("enabled", enabled)
                .param("id", id)
                .update();
    }

    void setPassword(String id, String encoded, Instant now) {
        jdbc.sql("UPDATE access_user SET password = :password, password_changed_at = :now WHERE id = :id")
                .param("password", encoded)
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    void signedIn(String id, Instant now) {
        jdbc.sql("UPDATE access_user SET signed_in_at = :now WHERE id = :id")
                .param("now", utc(now))
                .param("id", id)
                .update();
    }

    void delete(String id) {
        jdbc.sql("DELETE FROM access_user WHERE id = :id").param("id", id).update();
    }

    private static User read(ResultSet row) throws SQLException {
        return new User(
                row.getString("id"),
                row.getString("name"),
                row.getString("password"),
                ColumnRepository.grant(row),
                row.getBoolean("enabled"),
                at(row, "created_at"),
                row.getString("created_by"),
                instant(row, "signed_in_at"));
    }
}
