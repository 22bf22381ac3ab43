package io.celeriac.schedule.history;

import java.util.Locale;

/** Why a firing was emitted, or that it was skipped. */
public enum FiringKind {
    /** Emitted when it was due. */
    TIMED,
    /** Asked for by a person. */
    MANUAL,
    /** Asked for by a person, as one of a range in the past. */
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
