package io.celeriac.schedule.rule;

/** Texts of others, made fit to be stored and shown. */
public final class PlainText {

    private static final char REPLACEMENT = '\uFFFD';

    private PlainText() {}

    /** The beginning of a text, at most so many characters, and never half of one that takes two. */
    public static String clipped(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** Whether it has no half of a character that takes two, which nobody can write as UTF-8. */
    public static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(PlainText::isHalf);
    }

    /** The same with what cannot be written replaced. */
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
