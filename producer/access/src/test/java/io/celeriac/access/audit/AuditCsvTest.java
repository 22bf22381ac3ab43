package io.celeriac.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditCsvTest {

    @Test
    void quotesEverythingAndDisarmsFormulas() {
        var entry = new AuditEntry(
                Instant.parse("2026-01-31T12:00:00Z"), "=1+1", "user", "GET /x", "/x?q=\"a\",b", "::1", 200, "");

        assertThat(AuditCsv.of(List.of(AuditRow.after(0, new byte[32], entry))).lines())
                .containsExactly(
                        "seq,at,who,kind,action,target,source,status,detail",
                        "\"1\",\"2026-01-31T12:00:00Z\",\"'=1+1\",\"user\",\"GET /x\",\"/x?q=\"\"a\"\",b\",\"::1\",\"200\",\"\"");
    }
}
