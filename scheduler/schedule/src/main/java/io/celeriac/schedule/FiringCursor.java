package io.celeriac.schedule;

import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.Timetable;
import java.time.DateTimeException;
import java.time.Instant;

/** A place in a schedule's history, from which the next page goes on. Its text is for machines alone. */
record FiringCursor(Instant fireTime, String kind) {

    static final FiringCursor BEGIN = new FiringCursor(Timetable.LAST, "~");

    static FiringCursor after(ScheduleFiring firing) {
        return new FiringCursor(firing.fireTime(), firing.kind().word());
    }

    static FiringCursor of(String text) {
        var at = text.indexOf('~');
        try {
            return new FiringCursor(Instant.parse(text.substring(0, Math.max(at, 0))), text.substring(at + 1));
        } catch (DateTimeException e) {
            throw new InvalidScheduleException("cursor", "must be one that a page answered");
        }
    }

    @Override
    public String toString() {
        return fireTime + "~" + kind;
    }
}
