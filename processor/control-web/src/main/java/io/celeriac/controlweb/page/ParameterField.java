package io.celeriac.controlweb.page;

import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The field of a form for a parameter of a handler.
 *
 * @param name of the parameter
 * @param type of the Java method, for people
 * @param required whether a call without it fails
 * @param kind what is typed in
 * @param example of its form; empty where its type says enough
 */
public record ParameterField(String name, String type, boolean required, Kind kind, String example) {

    /** What is typed into a field. */
    public enum Kind {
        NUMBER,
        BOOLEAN,
        TEXT,
        JSON
    }

    private static final Set<String> WHOLE =
            Set.of("int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger");
    private static final Set<String> NUMBERS = Set.of("double", "Double", "float", "Float", "BigDecimal", "Number");
    private static final Set<String> TEXTS =
            Set.of("String", "CharSequence", "char", "Character", "URI", "Locale", "ZoneId");

    /** Types that are texts of a form. */
    private static final Map<String, String> FORMS = Map.of(
            "Instant", "2026-01-31T08:00:00Z",
            "OffsetDateTime", "2026-01-31T08:00:00+01:00",
            "ZonedDateTime", "2026-01-31T08:00:00+01:00",
            "LocalDateTime", "2026-01-31T08:00:00",
            "LocalDate", "2026-01-31",
            "LocalTime", "08:00:00",
            "Duration", "PT10M",
            "Period", "P1M",
            "UUID", "6f1c1f0e-2b7a-4d7e-9a55-0c6f3f1f2a10");

    static List<ParameterField> all(List<ParameterInfo> parameters) {
        return parameters.stream().map(ParameterField::of).toList();
    }

    static ParameterField of(ParameterInfo parameter) {
        var type = parameter.type();
        var plain = type.startsWith("Optional<") ? type.substring("Optional<".length(), type.length() - 1) : type;
        return new ParameterField(parameter.name(), type, parameter.required(), kind(plain), example(plain));
    }

    private static Kind kind(String type) {
        if (WHOLE.contains(type) || NUMBERS.contains(type)) {
            return Kind.NUMBER;
        }
        if (type.equals("boolean") || type.equals("Boolean")) {
            return Kind.BOOLEAN;
        }
        return TEXTS.contains(type) || FORMS.containsKey(type) ? Kind.TEXT : Kind.JSON;
    }

    private static String example(String type) {
        if (FORMS.containsKey(type)) {
            return FORMS.getOrDefault(type, "");
        }
        return type.startsWith("List<") || type.startsWith("Set<") || type.endsWith("[]") ? "[]" : "";
    }

    /** The step of a number: {@code 1} or {@code any}. */
    public String step() {
        return WHOLE.contains(type) ? "1" : "any";
    }
}
