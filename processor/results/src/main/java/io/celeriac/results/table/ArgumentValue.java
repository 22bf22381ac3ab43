package io.celeriac.results.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of {@code task_argument}, by which tasks are found. */
public final class ArgumentValue {

    /** Most characters of a value in the index; longer ones are clipped. */
    public static final int LONGEST = 191;

    private static final Pattern NUMBER =
            Pattern.compile("-?(?:0|[1-9]\\d{0,39})(?:\\.\\d{1,40})?(?:[eE][+-]?\\d{1,3})?");
    private static final int EXACT_DIGITS = 18;
    private static final int LONGEST_NUMBER = 60;

    private ArgumentValue() {}

    /**
     * A number as it stands in the index: {@code 1.5} for {@code 1.50} and {@code 15e-1}. A whole number of up to 18 digits keeps each
     * digit, others are as exact as a double, as databases read JSON.
     */
    public static String of(BigDecimal number) {
        var stripped = number.stripTrailingZeros();
        if (stripped.scale() <= 0 && (long) stripped.precision() - stripped.scale() <= EXACT_DIGITS) {
            return stripped.toPlainString();
        }
        var rounded = number.doubleValue();
        if (Double.isInfinite(rounded)) {
            return number.toString();
        }
        var shortest = new BigDecimal(Double.toString(rounded)).stripTrailingZeros();
        return Math.abs((long) shortest.scale()) > LONGEST_NUMBER ? shortest.toString() : shortest.toPlainString();
    }

    /** The number that a text in a search can mean; null if it is none. */
    public static @Nullable BigDecimal number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        var number = new BigDecimal(text);
        return Double.isInfinite(number.doubleValue()) ? null : number;
    }

    /** True when the index knows everything that fits this text. It knows no number by another notation than its own. */
    public static boolean isInIndex(String text) {
        var number = number(text);
        return isWhole(text) && (number == null || of(number).equals(text));
    }

    /** True when the index knows the whole value. */
    public static boolean isWhole(String value) {
        return value.codePointCount(0, value.length()) <= LONGEST;
    }

    /** The bytes that search compares. */
    public static byte[] compared(String value) {
        return (isWhole(value) ? value : value.substring(0, value.offsetByCodePoints(0, LONGEST))).getBytes(UTF_8);
    }
}
