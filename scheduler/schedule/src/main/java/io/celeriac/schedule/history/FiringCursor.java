package io.celeriac.schedule.history;

import io.celeriac.contract.json.CursorText;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.Timetable;
import java.time.DateTimeException;
import java.time.Instant;

/** A position in a schedule's history, where the next page starts. Clients must not interpret its text. */
public record FiringCursor(Instant fireTime, String kind) {

    private static final int LONGEST_KIND = 16;

    static final FiringCursor BEGIN = new FiringCursor(Timetable.LAST, "~");

    public static FiringCursor after(ScheduleFiring firing) {
        return new FiringCursor(firing.fireTime(), firing.kind().word());
    }

    public static FiringCursor of(String text) {
        try {
            var fields = CursorText.fields(text, 2);
            var fireTime = Instant.parse(fields.get(0));
            var kind = fields.get(1);
            if (!fireTime.isBefore(Instant.EPOCH)
                    && !fireTime.isAfter(Timetable.LAST)
                    && kind.length() <= LONGEST_KIND) {
                return new FiringCursor(fireTime, kind);
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw unknown();
        }
        throw unknown();
    }

    private static InvalidScheduleException unknown() {
        return new InvalidScheduleException("cursor", "must be one that a page answered");
    }

    @Override
    public String toString() {
        return CursorText.of(fireTime.toString(), kind);
    }
}
