package io.celeriac.access.audit;

import io.celeriac.web.csv.CsvWriter;
import java.io.IOException;
import java.util.List;

/** Writes the audit as CSV. */
final class AuditCsv {

    /** The names of the columns, as the first line. */
    private static final List<String> COLUMNS =
            List.of("seq", "at", "who", "kind", "action", "target", "source", "status", "detail");

    private final CsvWriter writer;

    AuditCsv(Appendable out) {
        writer = new CsvWriter(out);
    }

    void begin() throws IOException {
        writer.row(COLUMNS);
    }

    void add(List<AuditRow> rows) throws IOException {
        for (var row : rows) {
            var entry = row.entry();
            writer.row(List.of(
                    row.seq(),
                    entry.at(),
                    entry.who(),
                    entry.kind(),
                    entry.action(),
                    entry.target(),
                    entry.source(),
                    entry.status(),
                    entry.detail()));
        }
    }

    /** Ends a file that does not have all rows. */
    void cut() throws IOException {
        writer.incomplete("the database does not answer; export it again");
    }
}
