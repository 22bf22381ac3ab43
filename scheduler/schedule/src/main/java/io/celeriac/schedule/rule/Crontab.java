package io.celeriac.schedule.rule;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fires whenever the wall clock matches <b>all</b> five fields, in Celery's grammar.
 *
 * <pre>
 * {"kind": "crontab", "crontab": {"minute": "*&#47;15", "hour": "9-17", "dayOfWeek": "mon-fri"}}     a field left out is *
 * {"kind": "crontab", "expression": "0 4 * * *"}       minute hour dayOfMonth monthOfYear dayOfWeek
 * {"kind": "crontab", "expression": "30 0 4 * * *"}    with the second in front
 * {"kind": "crontab", "expression": "@daily"}          @yearly @annually @monthly @weekly @daily @midnight @hourly
 * </pre>
 *
 * <p>{@link CrontabField} says what a field may contain, {@link CrontabMonthDays} and {@link CrontabWeekdays} what days may contain.
 * When the clocks change:
 *
 * <ul> <li>A time that is left out fires once, at the first instant after the gap; several of one gap are one firing. <li>A time that
 * comes twice fires the first time only. <li>With a step in the hour field it fires both times. <li>With {@code *} as the hour it fires
 * by real time: both times, and not for what was left out. </ul>
 *
 * <p>Two crontabs are equal if they are written in the same way.
 */
public final class Crontab implements ScheduleRule {

    static final String KIND = "crontab";

    private static final String FIELDS = "crontab";
    private static final String EXPRESSION = "expression";
    private static final int LONGEST = 850;

    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final List<CrontabField> FIVE = List.of(
            CrontabField.MINUTE,
            CrontabField.HOUR,
            CrontabField.DAY_OF_MONTH,
            CrontabField.MONTH_OF_YEAR,
            CrontabField.DAY_OF_WEEK);

    private final ObjectNode spec;
    private final CrontabTimes times;
    private final CrontabHours hours;

    /**
     * @param five the fields in the order of {@link #FIVE}
     * @throws InvalidScheduleException naming the label of a field
     */
    private Crontab(ObjectNode spec, String second, List<String> five) {
        this.spec = spec;
        var clock = CrontabClock.read(second, five.get(0), five.get(1));
        var days = CrontabDays.read(five.get(2), five.get(3), five.get(4));
        if (!days.any()) {
            throw CrontabField.DAY_OF_MONTH.refused(
                    "must be a day that there is in one of the months, on one of the weekdays", five.get(2));
        }
        times = new CrontabTimes(clock, days);
        hours = CrontabHours.of(five.get(1));
    }

    /**
     * A crontab of five fields.
     *
     * @throws InvalidScheduleException naming the field that breaks a rule, such as {@code crontab.minute}
     */
    public static Crontab of(String minute, String hour, String dayOfMonth, String monthOfYear, String dayOfWeek) {
        var five = List.of(
                squeezed(minute), squeezed(hour), squeezed(dayOfMonth), squeezed(monthOfYear), squeezed(dayOfWeek));
        checkLength(FIELDS, five.stream().mapToInt(String::length).sum());
        var fields = TaskJson.MAPPER.createObjectNode();
        for (var i = 0; i < five.size(); i++) {
            fields.put(FIVE.get(i).label(), five.get(i));
        }
        var spec = TaskJson.MAPPER.createObjectNode();
        spec.set(FIELDS, fields);
        try {
            return new Crontab(spec, "0", five);
        } catch (InvalidScheduleException e) {
            throw new InvalidScheduleException(FIELDS + '.' + e.field(), e.rule());
        }
    }

    /**
     * A crontab of an expression: five fields, six fields with the second first, or a macro.
     *
     * @throws InvalidScheduleException naming {@code expression}
     */
    public static Crontab parse(String expression) {
        var squeezed = squeezed(expression);
        checkLength(EXPRESSION, squeezed.length());
        var all = List.of(expanded(squeezed).split(" "));
        if (all.size() != 5 && all.size() != 6) {
            throw new InvalidScheduleException(
                    EXPRESSION, "must have five fields, or six beginning with the second, but is \"" + squeezed + '"');
        }
        var spec = TaskJson.MAPPER.createObjectNode().put(EXPRESSION, squeezed);
        try {
            return new Crontab(spec, all.size() == 6 ? all.get(0) : "0", all.subList(all.size() - 5, all.size()));
        } catch (InvalidScheduleException e) {
            var article = e.field().startsWith("h") ? "an " : "a ";
            throw new InvalidScheduleException(EXPRESSION, "has " + article + e.field() + " that " + e.rule());
        }
    }

    private static String expanded(String expression) {
        if (!expression.startsWith("@")) {
            return expression;
        }
        var fields = MACROS.get(expression.toLowerCase(Locale.ROOT));
        if (fields == null) {
            throw new InvalidScheduleException(
                    EXPRESSION,
                    "must be one of " + new TreeSet<>(MACROS.keySet()) + " or fields, but is \"" + expression + '"');
        }
        return fields;
    }

    private static String squeezed(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static void checkLength(String field, int length) {
        if (length > LONGEST) {
            throw new InvalidScheduleException(
                    field, "must have at most " + LONGEST + " characters, but has " + length);
        }
    }

    static Crontab read(JsonNode spec) {
        var fields = given(spec, FIELDS);
        var expression = given(spec, EXPRESSION);
        if (fields != null && expression != null) {
            throw new InvalidScheduleException(EXPRESSION, "must not be given together with " + FIELDS);
        }
        if (expression != null) {
            if (!expression.isString()) {
                throw new InvalidScheduleException(
                        EXPRESSION, "must be a string such as \"0 4 * * *\", but is " + expression);
            }
            return parse(expression.asString());
        }
        if (fields == null) {
            throw new InvalidScheduleException(
                    FIELDS, "is required: an object such as {\"minute\": \"0\", \"hour\": \"4\"}, or " + EXPRESSION);
        }
        var five = five(fields);
        return of(five.get(0), five.get(1), five.get(2), five.get(3), five.get(4));
    }

    private static @Nullable JsonNode given(JsonNode spec, String name) {
        var value = spec.path(name);
        return value.isMissingNode() || value.isNull() ? null : value;
    }

    private static List<String> five(JsonNode fields) {
        if (!fields.isObject()) {
            throw new InvalidScheduleException(FIELDS, "must be an object, but is " + fields);
        }
        var five = new LinkedHashMap<String, String>();
        FIVE.forEach(field -> five.put(field.label(), "*"));
        fields.properties().forEach(field -> {
            if (!five.containsKey(field.getKey())) {
                throw new InvalidScheduleException(FIELDS + '.' + field.getKey(), "is not one of " + five.keySet());
            }
            five.put(field.getKey(), text(field.getKey(), field.getValue()));
        });
        return List.copyOf(five.values());
    }

    private static String text(String label, JsonNode value) {
        if (value.isNull()) {
            return "*";
        }
        if (!value.isString() && !value.isIntegralNumber()) {
            throw new InvalidScheduleException(FIELDS + '.' + label, "must be a string, but is " + value);
        }
        return value.asString();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ObjectNode spec() {
        return spec.deepCopy();
    }

    CrontabTimes times() {
        return times;
    }

    @Override
    public String description() {
        return CrontabWords.of(times);
    }

    @Override
    public Timetable from(Instant anchor, ZoneId zone) {
        return CrontabTimetable.of(times, hours, anchor, zone);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Crontab crontab && spec.equals(crontab.spec);
    }

    @Override
    public int hashCode() {
        return spec.hashCode();
    }

    @Override
    public String toString() {
        return "Crontab" + spec;
    }
}
