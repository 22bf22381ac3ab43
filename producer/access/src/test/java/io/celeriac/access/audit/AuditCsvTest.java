package io.celeriac.access.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditCsvTest {

    private final StringBuilder out = new StringBuilder();
    private final AuditCsv csv = new AuditCsv(out);

    @Test
    void hasALineForEachRowAndNoFormulas() throws IOException {
        var entry = new AuditEntry(
                Instant.parse("2026-01-31T12:00:00Z"), "=1+1", "user", "GET /x", "/x?q=\"a\",b", "::1", 200, "");

        csv.begin();
        csv.add(List.of(AuditRow.after(0, new byte[32], entry)));

        assertThat(out.toString().lines())
                .containsExactly(
                        "seq,at,who,kind,action,target,source,status,detail",
                        "1,2026-01-31T12:00:00Z,'=1+1,user,GET /x,\"/x?q=\"\"a\"\",b\",::1,200,");
    }

    @Test
    void saysThatItWasCut() throws IOException {
        csv.begin();
        csv.cut();

        assertThat(out.toString().lines())
                .last()
                .isEqualTo("\"# incomplete: the database does not answer; export it again\"");
    }
}
