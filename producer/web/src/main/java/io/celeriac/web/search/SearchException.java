package io.celeriac.web.search;

import java.io.Serial;

/** A search that cannot be read; it points at the character at fault. */
public final class SearchException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 80;

    private final int position;
    private final String caret;

    /**
     * @param text the search
     * @param position of the first character at fault, from 0; the length of the text when something is missing at its end
     * @param message what must stand there
     */
    public SearchException(String text, int position, String message) {
        super(message);
        this.position = position;
        this.caret = caret(text, position);
    }

    /** Of the first character at fault, from 0. */
    public int position() {
        return position;
    }

    /** Two lines: the text around the position, and a caret under it. */
    public String caret() {
        return caret;
    }

    private static String caret(String text, int position) {
        var from = Math.max(0, position - SHOWN / 2);
        var shown = text.substring(from, Math.min(text.length(), from + SHOWN));
        var line = new StringBuilder();
        shown.chars()
                .forEach(c -> line.append(
                        Character.isISOControl(c)
                                ? ' '
                                : Character.isSurrogate((char) c) ? '?' : (char) c)); // it may be cut
        return line + "\n" + " ".repeat(position - from) + "^";
    }
}
