package io.celeriac.results;

import java.time.LocalDateTime;

/**
 * A row of {@code task_label}: by it the tasks of a label are found.
 *
 * @param taskId whose label it is
 * @param name clipped
 * @param value clipped
 * @param submittedAt of the task, UTC
 */
record Label(String taskId, String name, String value, LocalDateTime submittedAt) {

    private static final int LONGEST = 255;

    /** What of a name or a value is searched for. */
    static String clipped(String text) {
        return text.codePointCount(0, text.length()) > LONGEST
                ? text.substring(0, text.offsetByCodePoints(0, LONGEST))
                : text;
    }
}
