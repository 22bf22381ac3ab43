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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_user}. */
final class UserRepository {

    private static final String SELECT = "SELECT id, name, password, role, authorities, queues, enabled, created_at,"
            + " created_by, signed_in_at, oidc_issuer, oidc_subject, sessions_version FROM access_user ";

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
     * @throws org.springframework.dao.DuplicateKeyException when there is a user of that name or identity, or a first one
     */
    void insert(User user, boolean first) {
        var identity = user.identity();
        jdbc.sql(
                        "INSERT INTO access_user (id, name, password, role, authorities, queues, enabled, first_user, created_at,"
                                + " created_by, password_changed_at, oidc_issuer, oidc_subject) VALUES (:id, :name, :password, :role,"
                                + " :authorities, :queues, :enabled, :first, :createdAt, :createdBy, :createdAt, :issuer, :subject)")
                .param("id", user.id())
                .param("name", user.name())
                .param("password", user.password())
                .params(ColumnRepository.values(user.grant()))
                .param("enabled", user.enabled())
                .param("first", first ? 1 : null)
                .param("createdAt", utc(user.createdAt()))
                .param("createdBy", user.createdBy())
                .param("issuer", identity == null ? null : identity.issuer())
                .param("subject", identity == null ? null : identity.subject())
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

    Optional<User> byIdentity(OidcIdentity identity) {
        return jdbc.sql(SELECT + "WHERE oidc_issuer = :issuer AND oidc_subject = :subject")
                .param("issuer", identity.issuer())
                .param("subject", identity.subject())
                .query((row, number) -> read(row))
                .optional()
                .filter(user -> identity.equals(user.identity())); // the database ignores spaces at the end
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

    void enable(String id) {
        jdbc.sql("UPDATE access_user SET enabled = TRUE WHERE id = :id")
                .param("id", id)
                .update();
    }

    /** Sessions end too. */
    void disable(String id) {
        jdbc.sql("UPDATE access_user SET enabled = FALSE, sessions_version = sessions_version + 1 WHERE id = :id")
                .param("id", id)
                .update();
    }

    /** Begins a new version of sessions. */
    void endSessions(String id) {
        jdbc.sql("UPDATE access_user SET sessions_version = sessions_version + 1 WHERE id = :id")
                .param("id", id)
                .update();
    }

    /**
     * Sets a password; sessions end too. False when the user is gone, or the sessions have ended since the user was read.
     */
    boolean setPassword(User user, String encoded, Instant now) {
        return jdbc.sql(
                                "UPDATE access_user SET password = :password, password_changed_at = :now,"
                                        + " sessions_version = sessions_version + 1 WHERE id = :id AND sessions_version = :version")
                        .param("password", encoded)
                        .param("now", utc(now))
                        .param("id", user.id())
                        .param("version", user.sessionsVersion())
                        .update()
                == 1;
    }

    /** Notes a sign-in. False when the user may not any more, or the sessions have ended since the user was read. */
    boolean signedIn(User user, Instant now) {
        return jdbc.sql("UPDATE access_user SET signed_in_at = :now WHERE id = :id AND enabled"
                                + " AND sessions_version = :version")
                        .param("now", utc(now))
                        .param("id", user.id())
                        .param("version", user.sessionsVersion())
                        .update()
                == 1;
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
                instant(row, "signed_in_at"),
                identity(row),
                row.getLong("sessions_version"));
    }

    private static @Nullable OidcIdentity identity(ResultSet row) throws SQLException {
        var issuer = row.getString("oidc_issuer");
        return issuer == null ? null : new OidcIdentity(issuer, row.getString("oidc_subject"));
    }
}
