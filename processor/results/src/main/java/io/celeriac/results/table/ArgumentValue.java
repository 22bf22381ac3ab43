package io.celeriac.results.table;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The values of {@code task_argument}, by which tasks are found. */
public final class ArgumentValue {

    /** Most characters of a value in the index; longer ones are clipped. */
    public static final int LONGEST = 191;

    private ArgumentValue() {}

    /** True when the index knows the whole value. */
    public static boolean isWhole(String value) {
        return value.codePointCount(0, value.length()) <= LONGEST;
    }

    /** The bytes that search compares. */
    public static byte[] compared(String value) {
        return (isWhole(value) ? value : value.substring(0, value.offsetByCodePoints(0, LONGEST))).getBytes(UTF_8);
    }
}
