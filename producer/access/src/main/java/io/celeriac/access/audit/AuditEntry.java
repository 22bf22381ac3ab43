package io.celeriac.access.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

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

    private static final int WHO = 100;
    private static final int ACTION = 200;
    private static final int TARGET = 1_000;
    private static final int SOURCE = 60;
    private static final int DETAIL = 2_000;

    public AuditEntry {
        at = at.truncatedTo(ChronoUnit.MICROS);
        who = cut(who, WHO);
        action = cut(action, ACTION);
        target = cut(target, TARGET);
        source = cut(source, SOURCE);
        detail = cut(detail, DETAIL);
    }

    /** Cut to what a column takes, and without halves of characters. */
    private static String cut(String text, int most) {
        if (text.codePointCount(0, text.length()) <= most) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, most));
    }
}
