package io.celeriac.contract.rule;

import org.jspecify.annotations.Nullable;

/**
 * Checks, repairs and cuts text for UTF-8. A Java string may hold half of a surrogate pair, which UTF-8 cannot: half the world's readers
 * refuse it, and the others read different things.
 */
public final class WireText {

    private static final char REPLACEMENT = '\uFFFD';

    private WireText() {}

    /** True when the text has no half of a surrogate pair. */
    public static boolean isWellFormed(String text) {
        return firstHalf(text, 0) < 0;
    }

    /** The text with U+FFFD in place of each half of a surrogate pair; for text that is better repaired than refused. */
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
     * The text, or its beginning with an ellipsis. Never ends within a surrogate pair.
     *
     * @param most {@code char}s of the text itself
     */
    public static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, end(text, most)) + "…";
    }

    /** As {@link #cut}; null stays null. */
    public static @Nullable String cutOrNull(@Nullable String text, int most) {
        return text == null ? null : cut(text, most);
    }

    /** The beginning of a text, without an ellipsis. Never ends within a surrogate pair. */
    public static String beginning(String text, int most) {
        return text.length() <= most ? text : text.substring(0, end(text, most));
    }

    private static int end(String text, int most) {
        return most > 0 && Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    }

    /** True when the text has more than {@code most} code points. */
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
