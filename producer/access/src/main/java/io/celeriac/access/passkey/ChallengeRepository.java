package io.celeriac.access.passkey;

import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.AccessTables;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_passkey_challenge}. */
final class ChallengeRepository {

    private static final int DELETED_AT_ONCE = 1_000;

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    ChallengeRepository(DataSource database, AccessTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /** How many challenges of a network wait for their answer. */
    long open(String network, Instant now) {
        return jdbc.sql("SELECT COUNT(*) FROM access_passkey_challenge WHERE network = :network AND expires_at > :now")
                .param("network", network)
                .param("now", utc(now))
                .query(Long.class)
                .single();
    }

    /**
     * @param user id of the user who registers a passkey; null for a sign-in
     */
    void insert(byte[] challenge, @Nullable String user, String network, Instant expires) {
        jdbc.sql("INSERT INTO access_passkey_challenge (challenge, user_id, network, expires_at)"
                        + " VALUES (:challenge, :user, :network, :expires)")
                .param("challenge", challenge)
                .param("user", user)
                .param("network", network)
                .param("expires", utc(expires))
                .update();
    }

    /**
     * Uses a challenge up. True when it was made for this, had not expired, and nobody has used it.
     *
     * @param user as in {@link #insert}
     */
    boolean consume(byte[] challenge, @Nullable String user, Instant now) {
        return jdbc.sql("DELETE FROM access_passkey_challenge WHERE challenge = :challenge AND user_id <=> :user"
                                + " AND expires_at > :now")
                        .param("challenge", challenge)
                        .param("user", user)
                        .param("now", utc(now))
                        .update()
                == 1;
    }

    /** Deletes some challenges that have expired. */
    void deleteExpired(Instant now) {
        jdbc.sql("DELETE FROM access_passkey_challenge WHERE expires_at <= :now LIMIT " + DELETED_AT_ONCE)
                .param("now", utc(now))
                .update();
    }
}
