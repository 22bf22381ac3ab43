package io.celeriac.contract.rule;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rules for single fields, each with its message for the sender. */
public final class TaskRules {

    /** The queue of a task that names none. */
    public static final String DEFAULT_QUEUE = "default";

    /** Priority of a task that names none: the middle of 0 to 9. */
    public static final int DEFAULT_PRIORITY = 5;

    /** The longest duration a task may name. */
    public static final Duration LONGEST = Duration.ofDays(36_525);

    public static final int SHOWN = 80;
    static final String WELL_FORMED = "must be well-formed Unicode, but holds half of a surrogate pair";

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    private TaskRules() {}

    /** Checks a task name. */
    public static String name(String name) {
        return name("task", name);
    }

    /** Checks a name that is like a task's, under the name of its field. */
    public static String name(String field, String name) {
        return isWord(name, Limits.TASK_NAME) ? name : matching(Limits.TASK_NAME_PATTERN, field, name);
    }

    /** Checks a queue's name. */
    public static String queue(String queue) {
        return isQueue(queue) ? queue : matching(Limits.QUEUE_PATTERN, "queue", queue);
    }

    /** Checks an id under the name of its field. */
    public static String id(String field, String id) {
        if (Limits.RESERVED_IDS.contains(id)) {
            throw new InvalidTaskException(
                    field, "must not be \"" + id + "\", which means something else in the paths of the REST interface");
        }
        return oldId(field, id);
    }

    /** Checks an id that was accepted before: it may be a word that was reserved later. */
    public static String oldId(String field, String id) {
        return isWord(id, Limits.ID) ? id : matching(Limits.ID_PATTERN, field, id);
    }

    /** Checks a value that becomes part of a record: depth, numbers, Unicode. */
    public static void value(String field, JsonNode value) {
        ValueRules.check(field, value);
    }

    /** Checks the name of a schedule. */
    public static String schedule(String field, String name) {
        return text(field, name, Limits.SCHEDULE_NAME);
    }

    /** Checks that a text is not empty, and has at most {@code most} code points. */
    public static String text(String field, String text, int most) {
        if (text.isEmpty() || WireText.isLongerThan(most, text)) {
            throw new InvalidTaskException(field, "must have 1 to " + most + " characters");
        }
        return wellFormed(field, text);
    }

    private static String wellFormed(String field, String text) {
        if (!WireText.isWellFormed(text)) {
            throw new InvalidTaskException(field, WELL_FORMED);
        }
        return text;
    }

    /** Checks labels, and copies them. */
    public static Map<String, String> labels(@Nullable Map<String, String> labels) {
        if (labels == null || labels.isEmpty()) {
            return Map.of();
        }
        if (labels.size() > Limits.LABELS) {
            throw new InvalidTaskException("labels", "must be at most " + Limits.LABELS + ", but are " + labels.size());
        }
        var copy = new LinkedHashMap<>(labels);
        copy.forEach(TaskRules::label);
        return Collections.unmodifiableMap(copy);
    }

    private static void label(@Nullable String name, @Nullable String value) {
        var field = "labels." + WireText.cut(String.valueOf(name), SHOWN);
        if (name == null || name.isEmpty() || WireText.isLongerThan(Limits.LABEL_NAME, name)) {
            throw new InvalidTaskException(field, "must have a name of 1 to " + Limits.LABEL_NAME + " characters");
        }
        wellFormed(field, name);
        if (value == null) {
            throw new InvalidTaskException(field, "must be a string");
        }
        if (WireText.isLongerThan(Limits.LABEL_VALUE, value)) {
            throw new InvalidTaskException(field, "must have at most " + Limits.LABEL_VALUE + " characters");
        }
        wellFormed(field, value);
    }

    /** Copies a list, which must have no null in it. */
    @SuppressWarnings("ConstantConditions") // Jackson passes null on, whatever the type says
    public static <T> List<T> list(String field, @Nullable List<T> values) {
        if (values == null || values.isEmpty()) {
            return List.of();
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) == null) {
                throw new InvalidTaskException(field + "[" + i + "]", "must not be null");
            }
        }
        return List.copyOf(values);
    }

    /** The instant, or the nearest one that {@link #instant} accepts; for instants that nobody chose. */
    public static Instant within(Instant value) {
        return value.isBefore(EARLIEST) ? EARLIEST : value.isBefore(LATEST) ? value : LATEST.minusMillis(1);
    }

    public static void priority(int priority) {
        range("priority", priority, Limits.LEAST_PRIORITY, Limits.GREATEST_PRIORITY);
    }

    public static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidTaskException(field, "must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /** Checks an instant: it must be in the years 1000 to 9999, which MySQL can store. */
    public static void instant(String field, @Nullable Instant value) {
        if (value != null && (value.isBefore(EARLIEST) || !value.isBefore(LATEST))) {
            throw new InvalidTaskException(field, "must be in the years 1000 to 9999");
        }
    }

    /** Checks a duration: longer than zero, at most a hundred years. */
    public static void duration(String field, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new InvalidTaskException(field, "must be longer than zero");
        }
        if (value != null && value.compareTo(LONGEST) > 0) {
            throw new InvalidTaskException(field, "must not be longer than a hundred years");
        }
    }

    /** Matches the same words as the patterns, ten times as fast, since it runs for each id of each task. */
    private static boolean isWord(String value, int longest) {
        var length = value.length();
        if (length == 0 || length > longest) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            var c = value.charAt(i);
            if (!((c >= 'a' && c <= 'z')
                    || (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || "_.:-".indexOf(c) >= 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isQueue(String value) {
        var length = value.length();
        if (length == 0 || length > Limits.QUEUE_NAME) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            var c = value.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                return false;
            }
        }
        return true;
    }

    private static String matching(Pattern pattern, String field, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new InvalidTaskException(field, "must match " + pattern + ", but is " + shown(value));
        }
        return value;
    }

    public static String shown(String value) {
        return '"' + WireText.cut(value, SHOWN) + '"';
    }
}
