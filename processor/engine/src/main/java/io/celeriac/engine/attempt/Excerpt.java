package io.celeriac.engine.attempt;

import org.jspecify.annotations.Nullable;

/** The beginning of a text that may be of any length. */
final class Excerpt {

    private Excerpt() {}

    /**
     * The text, or what fits of it with a sign that there was more. Never ends within a character of two {@code char}s, which
     * could not be written.
     *
     * @param length the most {@code char}s of it
     */
    static @Nullable String of(@Nullable String text, int length) {
        if (text == null || text.length() <= length) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "…";
    }
}
