package io.celeriac.results.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDateTime;

/**
 * A row of {@code task_label}: by it the tasks of a label are found.
 *
 * @param taskId whose label it is
 * @param name clipped
 * @param value clipped
 * @param submittedAt of the run that has the label, UTC: the labels of an earlier run of the same id are not found
 */
public record Label(String taskId, String name, String value, LocalDateTime submittedAt) {

    private static final int LONGEST = 255;

    /** What of a name or a value is searched for. */
    public static String clipped(String text) {
        return text.codePointCount(0, text.length()) > LONGEST
                ? text.substring(0, text.offsetByCodePoints(0, LONGEST))
                : text;
    }

    /** What of a name or a value is compared, byte for byte: no collation of both servers tells all texts apart. */
    public static byte[] compared(String text) {
        return clipped(text).getBytes(UTF_8);
    }
}
