package io.celeriac.results.condition;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.results.table.ArgumentPath;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A condition on tasks. A comparison with something that a task does not have does not hold, so its negation does.
 *
 * <p>{@link ConditionSql} makes SQL of it, {@link #holds} asks a result in memory. Both answer alike, but for what a row has and a
 * result has not: its submission time when the client set none.
 */
public sealed interface TaskCondition {

    /** Every task. */
    static TaskCondition all() {
        return new And(List.of());
    }

    /** All parts hold; true without parts. */
    record And(List<TaskCondition> parts) implements TaskCondition {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** One part holds; false without parts. */
    record Or(List<TaskCondition> parts) implements TaskCondition {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part does not hold. */
    record Not(TaskCondition part) implements TaskCondition {}

    /** A column's text. */
    record Text(TextColumn column, Match match) implements TaskCondition {}

    /**
     * A column's number.
     *
     * @param number null: any
     */
    record Numeric(
            NumberColumn column,
            Comparison comparison,
            @Nullable Long number) implements TaskCondition {}

    /**
     * A column's instant.
     *
     * @param instant null: any
     */
    record Time(
            TimeColumn column,
            Comparison comparison,
            @Nullable Instant instant) implements TaskCondition {}

    /**
     * The time from the start of the last attempt to the end of the task.
     *
     * @param length null: any
     */
    record RunTime(Comparison comparison, @Nullable Duration length) implements TaskCondition {}

    /** A label. */
    record Label(String name, Match match) implements TaskCondition {}

    /** A text or number among the arguments. */
    record Argument(ArgumentPath path, Match match) implements TaskCondition {}

    /**
     * The type or message of the error contains a text; upper and lower case are the same.
     *
     * @param text null: any error
     */
    record Failed(@Nullable String text) implements TaskCondition {}

    /** The id, the arguments, the result, or the type or message of the error contain a text; upper and lower case are the same. */
    record Contains(String text) implements TaskCondition {}

    /** Whether the condition holds for this result. */
    default boolean holds(TaskResult result) {
        if (this instanceof And and) {
            return and.parts().stream().allMatch(part -> part.holds(result));
        }
        if (this instanceof Or or) {
            return or.parts().stream().anyMatch(part -> part.holds(result));
        }
        if (this instanceof Not not) {
            return !not.part().holds(result);
        }
        if (this instanceof Text text) {
            return text.match().fits(text.column().of(result));
        }
        if (this instanceof Numeric number) {
            return compared(number.column().of(result), number.comparison(), number.number());
        }
        if (this instanceof Time time) {
            return compared(micros(time.column().of(result)), time.comparison(), micros(time.instant()));
        }
        if (this instanceof RunTime runTime) {
            return compared(runTime(result), runTime.comparison(), runTime.length());
        }
        if (this instanceof Label label) {
            return label.match().fits(result.labels().get(label.name()));
        }
        if (this instanceof Argument argument) {
            return argument.match().fits(argument.path().of(result).orElse(null));
        }
        if (this instanceof Failed failed) {
            return failed(result, failed.text());
        }
        return contains(result, ((Contains) this).text());
    }

    private static <T extends Comparable<T>> boolean compared(
            @Nullable T value, Comparison comparison, @Nullable T with) {
        return value != null && (with == null || comparison.holds(value.compareTo(with)));
    }

    private static @Nullable Instant micros(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
    }

    private static @Nullable Duration runTime(TaskResult result) {
        var started = micros(result.startedAt());
        var finished = micros(result.finishedAt());
        return started == null || finished == null ? null : Duration.between(started, finished);
    }

    private static boolean failed(TaskResult result, @Nullable String text) {
        var error = result.error();
        return error != null && (text == null || isIn(Stream.of(error.type(), String.valueOf(error.message())), text));
    }

    private static boolean contains(TaskResult result, String text) {
        var quoted = TaskJson.MAPPER.writeValueAsString(text);
        return isIn(Stream.of(result.id()), text)
                || failed(result, text)
                || isIn(
                        Stream.of(result.args(), result.kwargs(), result.result() == null ? List.of() : result.result())
                                .filter(value -> !value.equals(List.of()) && !value.equals(Map.of()))
                                .map(TaskJson.MAPPER::writeValueAsString),
                        quoted.substring(1, quoted.length() - 1));
    }

    private static boolean isIn(Stream<String> texts, String part) {
        var lower = part.toLowerCase(Locale.ROOT);
        return texts.anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(lower));
    }
}
