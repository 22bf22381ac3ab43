package io.celeriac.access.audit;

import io.celeriac.contract.rule.WireText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * What somebody did.
 *
 * @param at when it ended, to the microsecond
 * @param who name of the user or token; empty for nobody who is known
 * @param kind {@code user}, {@code token} or {@code anonymous}
 * @param action the row of the table of endpoints, such as {@code POST /api/tasks/{id}/revoke}
 * @param target the path that was called
 * @param source address of the client
 * @param status of the answer
 * @param detail more of it; empty for none
 */
public record AuditEntry(
        Instant at, String who, String kind, String action, String target, String source, int status, String detail) {

    private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");
    private static final int WHO = 100;
    private static final int ACTION = 200;
    private static final int TARGET = 1_000;
    private static final int SOURCE = 60;
    private static final int DETAIL = 2_000;

    public AuditEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        who = cut(WireText.repaired(who), WHO);
        action = cut(WireText.repaired(action), ACTION);
        target = cut(WireText.repaired(target), TARGET);
        source = cut(UNPRINTABLE.matcher(source).replaceAll("?"), SOURCE);
        detail = cut(WireText.repaired(detail), DETAIL);
    }

    /** What stands in the place of this entry when the database does not take it. */
    AuditEntry notStored() {
        return new AuditEntry(
                at,
                "",
                kind,
                "(not stored)",
                "",
                source,
                status,
                "the log of the gateway has what could not be stored");
    }

    /** Cut to what a column takes, and without halves of characters. */
    private static String cut(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most));
    }
}
