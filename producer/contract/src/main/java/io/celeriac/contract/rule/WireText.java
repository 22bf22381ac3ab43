package io.celeriac.contract.rule;

import org.jspecify.annotations.Nullable;

/**
 * Text as UTF-8 can hold it. Java's strings may hold half of a surrogate pair, which no UTF-8 has: half the world's readers refuse it,
 * and the others make different things of it.
 */
public final class WireText {

    private static final char REPLACEMENT = '\uFFFD';

    private WireText() {}

    /** Whether the text has no half of a surrogate pair. */
    public static boolean isWellFormed(String text) {
        return firstHalf(text, 0) < 0;
    }

    /** The text with U+FFFD in place of each half of a surrogate pair; for text that is worth more mended than refused. */
    public static String repaired(String text) {
        var at = firstHalf(text, 0);
        if (at < 0) {
            return text;
        }
        var repaired = new StringBuilder(text);
        for (; at >= 0; at = firstHalf(text, at + 1)) {
            repaired.setCharAt(at, REPLACEMENT);
        }
        return repaired.toString();
    }

    /**
     * The text, or the beginning of it and a sign that there was more. Never ends within a surrogate pair.
     *
     * @param most {@code char}s of the text itself
     */
    public static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, end(text, most)) + "…";
    }

    /** As {@link #cut} for text that may be missing, which it then stays. */
    public static @Nullable String cutOrNull(@Nullable String text, int most) {
        return text == null ? null : cut(text, most);
    }

    /** The beginning of a text without a sign that there was more. Never ends within a surrogate pair. */
    public static String beginning(String text, int most) {
        return text.length() <= most ? text : text.substring(0, end(text, most));
    }

    private static int end(String text, int most) {
        return most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    }

    /** Whether the text has more code points than that. */
    public static boolean isLongerThan(int most, String text) {
        return text.length() > most && (text.length() > 2 * most || text.codePointCount(0, text.length()) > most);
    }

    private static int firstHalf(String text, int from) {
        var length = text.length();
        for (int i = from; i < length; i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == length || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
