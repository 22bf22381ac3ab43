package io.celeriac.results.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDateTime;

/**
 * A row of {@code task_label}, by which tasks are found.
 *
 * @param taskId the task that has the label
 * @param name clipped
 * @param value clipped
 * @param submittedAt of the run that has the label, UTC: labels of an earlier run of the same id are not found
 */
public record Label(String taskId, String name, String value, LocalDateTime submittedAt) {

    private static final int LONGEST = 255;

    /** The part of a name or a value that search uses. */
    public static String clipped(String text) {
        return text.codePointCount(0, text.length()) > LONGEST
                ? text.substring(0, text.offsetByCodePoints(0, LONGEST))
                : text;
    }

    /** The bytes that search compares: no collation that MySQL and MariaDB share tells all texts apart. */
    public static byte[] compared(String text) {
        return clipped(text).getBytes(UTF_8);
    }
}
