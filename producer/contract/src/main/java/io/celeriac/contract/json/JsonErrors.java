package io.celeriac.contract.json;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Translates Jackson's errors into words for users. */
public final class JsonErrors {

    private static final Map<Class<?>, String> WORDS = Map.of(
            Instant.class, "an instant such as 2026-01-31T00:00:00Z",
            Duration.class, "an ISO-8601 duration such as PT30S",
            List.class, "an array",
            Map.class, "an object",
            String.class, "a text",
            Boolean.class, "true or false",
            Integer.class, "a whole number",
            Long.class, "a whole number");

    private JsonErrors() {}

    /** The field at fault, such as {@code labels.tenant} or {@code args[0]}; {@code body} for the whole. */
    public static String field(JacksonException e) {
        var field = new StringBuilder();
        for (var reference : e.getPath()) {
            if (reference.getPropertyName() == null) {
                field.append('[').append(reference.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(reference.getPropertyName());
            }
        }
        return field.isEmpty() ? "body" : field.toString();
    }

    /** The rule that the field breaks; the text follows the field's name. */
    public static String rule(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException) {
            return "is not known here";
        }
        var words = e instanceof MismatchedInputException mismatch ? words(mismatch.getTargetType()) : null;
        return "has a value that does not fit" + (words == null ? "" : ": it must be " + words);
    }

    private static @Nullable String words(@Nullable Class<?> wanted) {
        return wanted == null
                ? null
                : WORDS.entrySet().stream()
                        .filter(entry -> entry.getKey().isAssignableFrom(wanted))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
    }
}
