package io.celeriac.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in a user's words what Jackson says in those of Java. */
public final class JsonMisfit {

    private static final Map<Class<?>, String> WORDS = Map.of(
            Instant.class, "an instant such as 2026-01-31T00:00:00Z",
            Duration.class, "an ISO-8601 duration such as PT30S",
            List.class, "an array",
            Map.class, "an object",
            String.class, "a text",
            Boolean.class, "true or false",
            Integer.class, "a whole number",
            Long.class, "a whole number");

    private JsonMisfit() {}

    /** The field that is wrong; {@code body} when it is the whole. */
    public static String field(JacksonException e) {
        var path = e.getPath();
        var name = path.isEmpty() ? null : path.get(0).getPropertyName();
        return name == null ? "body" : name;
    }

    /** The rule that it breaks, to be read behind its name. */
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
