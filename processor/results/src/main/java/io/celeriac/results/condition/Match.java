package io.celeriac.results.condition;

import org.jspecify.annotations.Nullable;

/** How a text is compared. Upper and lower case differ, and so do trailing spaces. */
public sealed interface Match {

    /** The text is there, whatever it is. */
    record Any() implements Match {}

    /** The text is this one. */
    record Whole(String text) implements Match {}

    /** The text begins with this one. */
    record Prefix(String text) implements Match {}

    /** Whether a text, null when there is none, fits. */
    default boolean fits(@Nullable String text) {
        if (text == null) {
            return false;
        }
        if (this instanceof Whole whole) {
            return text.equals(whole.text());
        }
        return !(this instanceof Prefix prefix) || text.startsWith(prefix.text());
    }
}
