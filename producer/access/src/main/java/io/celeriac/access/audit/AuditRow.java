package io.celeriac.access.audit;

import io.celeriac.contract.TaskJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * An entry in its place of the chain.
 *
 * @param seq from 1, without gaps
 * @param previous hash of the row before it; zeros for the first
 * @param hash SHA-256 over the previous hash, the number and the entry
 */
record AuditRow(long seq, AuditEntry entry, byte[] previous, byte[] hash) {

    static final int HASH_BYTES = 32;

    /** The row that follows. */
    static AuditRow after(long lastSeq, byte[] lastHash, AuditEntry entry) {
        var seq = lastSeq + 1;
        return new AuditRow(seq, entry, lastHash, hash(seq, lastHash, entry));
    }

    /** Whether nothing of the row was changed, and it follows that one. */
    boolean follows(long lastSeq, byte[] lastHash) {
        return seq == lastSeq + 1
                && MessageDigest.isEqual(previous, lastHash)
                && MessageDigest.isEqual(hash, hash(seq, previous, entry));
    }

    private static byte[] hash(long seq, byte[] previous, AuditEntry entry) {
        var parts = List.of(
                HexFormat.of().formatHex(previous),
                seq,
                entry.at().toString(),
                entry.who(),
                entry.kind(),
                entry.action(),
                entry.target(),
                entry.source(),
                entry.status(),
                entry.detail());
        try {
            return MessageDigest.getInstance("SHA-256").digest(TaskJson.bytes(parts));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
