package io.celeriac.contract.schedule;

import java.util.Locale;

/** Which of the firings that were missed fire late. */
public enum CatchUpPolicy {
    /** None of them. */
    NONE,
    /** The last one, in place of all. */
    LAST,
    /** Each of them, oldest first. */
    ALL;

    /** The word for it in JSON and in the table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
