package io.celeriac.schedule.rule;

/** Makes texts of users fit to be stored and shown. */
public final class PlainText {

    private static final char REPLACEMENT = '\uFFFD';

    private PlainText() {}

    /** The start of a text, at most so many characters, without splitting a surrogate pair. */
    public static String clipped(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** Whether a text has no unpaired surrogate, which UTF-8 cannot encode. */
    public static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(PlainText::isHalf);
    }

    /** The same text, with unpaired surrogates replaced. */
    static String wellFormed(String text) {
        return isWellFormed(text)
                ? text
                : text.codePoints()
                        .map(point -> isHalf(point) ? REPLACEMENT : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHalf(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
