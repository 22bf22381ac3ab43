package io.celeriac.schedule.history;

import java.util.Locale;

/** How a firing came about, or that it did not. */
public enum FiringKind {
    /** Emitted when it was due. */
    TIMED,
    /** Asked for by a person. */
    MANUAL,
    /** Asked for as one of a range in the past. */
    BACKFILL,
    /** Missed, and emitted late by the schedule's policy. */
    CAUGHT_UP,
    /** Not emitted, for the reason given. */
    SKIPPED;

    /** The word for it in JSON and in the table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static FiringKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
