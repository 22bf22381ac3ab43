package io.celeriac.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for single fields, each with the words that a sender reads. */
public final class TaskRules {

    /** The queue a task goes to where none is named. */
    public static final String DEFAULT_QUEUE = "default";

    /** Priority of a task that names none: the middle of 0 to 9. */
    public static final int DEFAULT_PRIORITY = 5;

    /** The longest duration a task may name. */
    public static final Duration LONGEST = Duration.ofDays(36_525);

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,255}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final Pattern QUEUE = Pattern.compile("[a-z0-9-]{1,80}");

    private TaskRules() {}

    /** Checks a task name. */
    public static String name(String name) {
        return isWord(name, 255) ? name : matching(NAME, "task", name);
    }

    /** Checks a queue's name. */
    public static String queue(String queue) {
        return matching(QUEUE, "queue", queue);
    }

    /** Checks an id under the name of its field. */
    public static String id(String field, String id) {
        return isWord(id, 64) ? id : matching(ID, field, id);
    }

    static void range(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidTaskException(field, "must be from " + least + " to " + most + ", but is " + value);
        }
    }

    /** Checks an instant: the years 1000 to 9999, which are those that MySQL stores. */
    static void instant(String field, @Nullable Instant value) {
        if (value != null && (value.isBefore(EARLIEST) || !value.isBefore(LATEST))) {
            throw new InvalidTaskException(field, "must be in the years 1000 to 9999");
        }
    }

    /** Checks a duration: longer than zero, at most a hundred years. */
    static void duration(String field, @Nullable Duration value) {
        if (value != null && (value.isNegative() || value.isZero())) {
            throw new InvalidTaskException(field, "must be longer than zero");
        }
        if (value != null && value.compareTo(LONGEST) > 0) {
            throw new InvalidTaskException(field, "must not be longer than a hundred years");
        }
    }

    /** The patterns say what is allowed; the loop says the same, ten times as fast, as it runs for each id of each task. */
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

    private static String matching(Pattern pattern, String field, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new InvalidTaskException(field, "must match " + pattern + ", but is " + shown(value));
        }
        return value;
    }

    private static String shown(String value) {
        return '"' + (value.length() > 80 ? value.substring(0, 80) + "…" : value) + '"';
    }
}
