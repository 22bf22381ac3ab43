package io.celeriac.schedule.rule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A rule that says when something fires. In JSON it is its kind, with the fields of that kind beside it. */
public sealed interface ScheduleRule permits Interval, Crontab, Solar, Clocked {

    /** All kinds. */
    List<String> KINDS = List.of(Interval.KIND, Crontab.KIND, Solar.KIND, Clocked.KIND);

    /** The kind of each field. */
    Map<String, String> KIND_OF_FIELD = Map.of(
            "every", Interval.KIND,
            "crontab", Crontab.KIND,
            "expression", Crontab.KIND,
            "solar", Solar.KIND,
            "at", Clocked.KIND);

    /** The fields of all kinds. */
    Set<String> FIELDS = KIND_OF_FIELD.keySet();

    /** The word for this kind of rule. */
    String kind();

    /** The fields of this kind, as {@link #read} takes them. */
    ObjectNode spec();

    /** The rule in English words. */
    String description();

    /** The rule in words of a language: Chinese, or else English. */
    default String description(Locale language) {
        return language.getLanguage().equals(Locale.CHINESE.getLanguage()) ? ChineseWords.of(this) : description();
    }

    /**
     * The instants of the rule.
     *
     * @param anchor where it begins: none is earlier
     * @param zone whose wall clock counts, for the kinds that go by one
     */
    Timetable from(Instant anchor, ZoneId zone);

    /**
     * The same instants, and those before the anchor.
     *
     * @param earliest where it begins: none is earlier
     */
    default Timetable backTo(Instant anchor, ZoneId zone, Instant earliest) {
        return from(earliest.isBefore(anchor) ? earliest : anchor, zone);
    }

    /**
     * @param schedule with a {@code kind} and fields of it
     * @throws InvalidScheduleException naming a field of another kind: nothing is dropped silently
     */
    static void refuseOthersFields(ObjectNode schedule) {
        var kind = schedule.path("kind").asString("");
        for (var field : schedule.properties()) {
            var owner = KIND_OF_FIELD.get(field.getKey());
            if (owner != null
                    && KINDS.contains(kind)
                    && !owner.equals(kind)
                    && !field.getValue().isNull()) {
                throw new InvalidScheduleException(
                        field.getKey(), "is a field of kind " + owner + ", and this schedule is of kind " + kind);
            }
        }
    }

    /**
     * Reads a rule.
     *
     * @param kind one of {@link #KINDS}
     * @param spec an object with at least the fields of that kind
     * @throws InvalidScheduleException naming the field that breaks a rule
     */
    static ScheduleRule read(@Nullable String kind, JsonNode spec) {
        if (kind == null) {
            throw new InvalidScheduleException("kind", "is required: one of " + KINDS);
        }
        return switch (kind) {
            case Interval.KIND -> Interval.read(spec);
            case Crontab.KIND -> Crontab.read(spec);
            case Solar.KIND -> Solar.read(spec);
            case Clocked.KIND -> Clocked.read(spec);
            default ->
                throw new InvalidScheduleException("kind", "must be one of " + KINDS + ", but is \"" + kind + '"');
        };
    }
}
