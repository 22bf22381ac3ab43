package io.celeriac.access.audit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The audit as CSV of RFC 4180. */
final class AuditCsv {

    private static final String LINE_END = "\r\n";

    /** The names of the columns, as the first line. */
    static final String HEADER = "seq,at,who,kind,action,target,source,status,detail" + LINE_END;

    /** The last line of a file that does not have all rows. */
    static final String CUT = "\"NOT COMPLETE: the database does not answer; export it again\"" + LINE_END;

    private static final String FORMULA = "=+-@\t\r";

    private AuditCsv() {}

    static String of(List<AuditRow> rows) {
        return HEADER + lines(rows);
    }

    /** Rows without the header. */
    static String lines(List<AuditRow> rows) {
        return rows.stream().map(AuditCsv::line).collect(Collectors.joining());
    }

    private static String line(AuditRow row) {
        var entry = row.entry();
        return Stream.of(
                        String.valueOf(row.seq()),
                        entry.at().toString(),
                        entry.who(),
                        entry.kind(),
                        entry.action(),
                        entry.target(),
                        entry.source(),
                        String.valueOf(entry.status()),
                        entry.detail())
                .map(AuditCsv::quoted)
                .collect(Collectors.joining(",", "", LINE_END));
    }

    /** Begun with an apostrophe where a spreadsheet would take the text for a formula. */
    private static String quoted(String text) {
        var plain = text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0 ? text : "'" + text;
        return '"' + plain.replace("\"", "\"\"") + '"';
    }
}
