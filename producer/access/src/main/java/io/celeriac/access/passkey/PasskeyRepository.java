package io.celeriac.access.passkey;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.instant;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.AccessTables;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;

/** The table {@code access_passkey}. */
final class PasskeyRepository {

    private static final String RECORD =
            "SELECT user_id, name, credential_id, public_key, attestation_object, client_data,"
                    + " signature_count, user_verified, backup_eligible, backed_up, transports, created_at, used_at"
                    + " FROM access_passkey ";
    private static final String PASSKEY = "SELECT id, name, backed_up, created_at, used_at FROM access_passkey ";

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    PasskeyRepository(DataSource database, AccessTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /**
     * @throws org.springframework.dao.DuplicateKeyException when the credential is registered already
     */
    void insert(String id, CredentialRecord credential, byte[] attestation, byte[] clientData, Instant now) {
        jdbc.sql(
                        "INSERT INTO access_passkey (id, user_id, name, credential_id, public_key, attestation_object, client_data,"
                                + " signature_count, user_verified, backup_eligible, backed_up, transports, created_at)"
                                + " VALUES (:id, :user, :name, :credential, :key, :attestation, :clientData, :count, :verified,"
                                + " :eligible, :backedUp, :transports, :now)")
                .param("id", id)
                .param("user", text(credential.getUserEntityUserId()))
                .param("name", credential.getLabel())
                .param("credential", credential.getCredentialId().getBytes())
                .param("key", credential.getPublicKey().getBytes())
                .param("attestation", attestation)
                .param("clientData", clientData)
                .param("count", credential.getSignatureCount())
                .param("verified", credential.isUvInitialized())
                .param("eligible", credential.isBackupEligible())
                .param("backedUp", credential.isBackupState())
                .param(
                        "transports",
                        credential.getTransports().stream()
                                .map(AuthenticatorTransport::getValue)
                                .sorted()
                                .collect(Collectors.joining(" ")))
                .param("now", utc(now))
                .update();
    }

    /**
     * Notes a signature. False when the passkey was deleted, or when the authenticator's count did not grow: then there is a
     * copy of it.
     *
     * @param count 0 of an authenticator that does not count
     */
    boolean used(Bytes credential, long count, Instant now) {
        return jdbc.sql(
                                "UPDATE access_passkey SET signature_count = :count, used_at = :now WHERE credential_id = :credential"
                                        + " AND (signature_count < :count OR (signature_count = 0 AND :count = 0))")
                        .param("count", count)
                        .param("now", utc(now))
                        .param("credential", credential.getBytes())
                        .update()
                == 1;
    }

    Optional<CredentialRecord> byCredential(Bytes credential) {
        return jdbc.sql(RECORD + "WHERE credential_id = :credential")
                .param("credential", credential.getBytes())
                .query((row, number) -> record(row))
                .optional();
    }

    List<CredentialRecord> records(String userId) {
        return jdbc.sql(RECORD + "WHERE user_id = :user")
                .param("user", userId)
                .query((row, number) -> record(row))
                .list();
    }

    /** The passkeys of a user, the oldest one first. */
    List<Passkey> of(String userId) {
        return jdbc.sql(PASSKEY + "WHERE user_id = :user ORDER BY created_at, id")
                .param("user", userId)
                .query((row, number) -> passkey(row))
                .list();
    }

    Optional<Passkey> find(String userId, String id) {
        return jdbc.sql(PASSKEY + "WHERE user_id = :user AND id = :id")
                .param("user", userId)
                .param("id", id)
                .query((row, number) -> passkey(row))
                .optional();
    }

    void rename(String userId, String id, String name) {
        jdbc.sql("UPDATE access_passkey SET name = :name WHERE user_id = :user AND id = :id")
                .param("name", name)
                .param("user", userId)
                .param("id", id)
                .update();
    }

    void delete(String userId, String id) {
        jdbc.sql("DELETE FROM access_passkey WHERE user_id = :user AND id = :id")
                .param("user", userId)
                .param("id", id)
                .update();
    }

    /** The id of a user as authenticators know it. */
    static Bytes handle(String userId) {
        return new Bytes(userId.getBytes(StandardCharsets.US_ASCII));
    }

    /** The id of the user that an authenticator means. */
    static String text(Bytes handle) {
        return new String(handle.getBytes(), StandardCharsets.US_ASCII);
    }

    private static Passkey passkey(ResultSet row) throws SQLException {
        return new Passkey(
                row.getString("id"),
                row.getString("name"),
                row.getBoolean("backed_up"),
                at(row, "created_at"),
                instant(row, "used_at"));
    }

    private static CredentialRecord record(ResultSet row) throws SQLException {
        var created = at(row, "created_at");
        var used = instant(row, "used_at");
        return ImmutableCredentialRecord.builder()
                .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
                .userEntityUserId(handle(row.getString("user_id")))
                .label(row.getString("name"))
                .credentialId(new Bytes(row.getBytes("credential_id")))
                .publicKey(new ImmutablePublicKeyCose(row.getBytes("public_key")))
                .attestationObject(new Bytes(row.getBytes("attestation_object")))
                .attestationClientDataJSON(new Bytes(row.getBytes("client_data")))
                .signatureCount(row.getLong("signature_count"))
                .uvInitialized(row.getBoolean("user_verified"))
                .backupEligible(row.getBoolean("backup_eligible"))
                .backupState(row.getBoolean("backed_up"))
                .transports(transports(row.getString("transports")))
                .created(created)
                .lastUsed(used == null ? created : used)
                .build();
    }

    private static Set<AuthenticatorTransport> transports(String words) {
        return Arrays.stream(words.split(" "))
                .filter(word -> !word.isEmpty())
                .map(AuthenticatorTransport::valueOf)
                .collect(Collectors.toSet());
    }
}
