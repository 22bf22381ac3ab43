package io.celeriac.web.parameter;

import io.celeriac.contract.task.TaskState;
import io.celeriac.web.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads request parameters; a value that breaks a rule becomes a problem that names the parameter. */
public final class Parameters {

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z"); // what a database stores
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final int LONGEST_TEXT = 200;

    /** A span of time, without its end. */
    public record Span(Instant from, Instant to) {}

    private Parameters() {}

    /** The requested states; empty for any. Spring makes null of a blank word. */
    public static Set<TaskState> states(@Nullable Set<@Nullable TaskState> asked) {
        if (asked == null) {
            return Set.of();
        }
        var states = EnumSet.noneOf(TaskState.class);
        for (var state : asked) {
            if (state == null) {
                throw ProblemException.invalid("state", "must be one of " + List.of(TaskState.values()));
            }
            states.add(state);
        }
        return states;
    }

    /** An instant of RFC 3339, or null for none. */
    public static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var instant = OffsetDateTime.parse(text.replace(' ', '+')).toInstant(); // in a URL, a plus is a space
            if (instant.isBefore(EARLIEST) || !instant.isBefore(LATEST)) {
                throw ProblemException.invalid(name, "must be in the years 1000 to 9999");
            }
            return instant;
        } catch (DateTimeException e) {
            throw ProblemException.invalid(name, "must be an instant such as 2026-01-31T12:00:00Z");
        }
    }

    /** The span between both. {@code to} is now by default, and {@code from} is the day before {@code to}. */
    public static Span span(@Nullable String from, @Nullable String to, Instant now) {
        var end = instant("to", to);
        var last = end == null ? now.plusMillis(1) : end;
        var start = instant("from", from);
        return new Span(start == null ? last.minus(DAY) : start, last);
    }

    /** A text to look for, or null for none. */
    public static @Nullable String text(String name, @Nullable String text) {
        if (text != null && (text.isBlank() || text.length() > LONGEST_TEXT)) {
            throw ProblemException.invalid(name, "must have 1 to " + LONGEST_TEXT + " characters");
        }
        return text;
    }
}
