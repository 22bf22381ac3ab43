package io.celeriac.schedule.rule;

import java.util.Arrays;

/** How the hours of a crontab are written, which decides what a clock change does. */
enum CrontabHours {
    /** As numbers and ranges. Each time of the wall clock counts once: the first of two that are the same, and a missing one too. */
    NAMED,
    /** With a step. Each time counts that there is, and a missing one too. */
    STEPPED,
    /** As every hour. Each time counts that there is. */
    ALL;

    static CrontabHours of(String hour) {
        var pieces = Arrays.asList(CrontabField.pieces(hour));
        if (pieces.contains("*") || pieces.contains("*/1")) {
            return ALL;
        }
        return hour.contains("/") ? STEPPED : NAMED;
    }

    /** Whether times that a change of the clocks leaves out are made up for, all together, at its end. */
    boolean makesUp() {
        return this != ALL;
    }

    /** Whether a time that comes twice counts twice. */
    boolean repeats() {
        return this != NAMED;
    }
}
