package io.celeriac.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditRowTest {

    private static final byte[] ZEROS = new byte[AuditRow.HASH_BYTES];

    private final AuditRow first = AuditRow.after(0, ZEROS, entry("ada"));
    private final AuditRow second = AuditRow.after(1, first.hash(), entry("bea"));

    private static AuditEntry entry(String who) {
        return new AuditEntry(
                Instant.parse("2026-01-31T12:00:00.123456789Z"), who, "user", "POST /api/x", "/api/x", "::1", 200, "");
    }

    @Test
    void followsTheRowBeforeIt() {
        assertThat(first.follows(0, ZEROS)).isTrue();
        assertThat(second.follows(1, first.hash())).isTrue();
        assertThat(second.follows(0, ZEROS)).isFalse();
    }

    @Test
    void noticesAChange() {
        assertThat(new AuditRow(2, entry("eve"), second.previous(), second.hash()).follows(1, first.hash()))
                .isFalse();
        assertThat(new AuditRow(3, second.entry(), second.previous(), second.hash()).follows(2, first.hash()))
                .isFalse();
    }

    @Test
    void takesTextThatNoColumnTakes() {
        var entry = new AuditEntry(
                Instant.EPOCH, "a\ud800", "user", "POST /api/x", "/api/\udc00x", "fe80::1%\u00e9\n", 200, "\ud800");

        assertThat(entry.who()).isEqualTo("a\ufffd");
        assertThat(entry.target()).isEqualTo("/api/\ufffdx");
        assertThat(entry.source()).isEqualTo("fe80::1%??");
        assertThat(entry.detail()).isEqualTo("\ufffd");
        assertThat(entry.notStored().action()).isEqualTo("(not stored)");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(entry("\ud83d\ude00".repeat(200)).who()).isEqualTo("\ud83d\ude00".repeat(100));
        assertThat(first.entry().at()).isEqualTo("2026-01-31T12:00:00.123456Z");
    }
}
