package io.celeriac.web.search;

import java.time.Duration;
import java.time.Instant;

/** The value of a term, read as the type of its field. */
public sealed interface Value {

    /** Any value: {@code *} alone. The field must only be there. */
    record Any() implements Value {}

    /**
     * A text, or one of the words of a field.
     *
     * @param text without quotes and escapes
     * @param prefix true: the field begins with it
     */
    record Text(String text, boolean prefix) implements Value {}

    /** A whole number. */
    record Whole(long number) implements Value {}

    /** A length of time, not negative. */
    record Span(Duration length) implements Value {}

    /** An instant. A relative time, such as {@code 1h}, was resolved when the search was read. */
    record Moment(Instant instant) implements Value {}
}
