package io.celeriac.contract.rule;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the JSON values of a record (arguments, results and unknown fields), so that every value that is written can be read. It walks
 * over the tree, which takes nanoseconds for the arguments of most tasks.
 */
public final class ValueRules {

    /** The rule for numbers. */
    public static final String NUMBER = "must be a number of at most " + Limits.NUMBER
            + " characters, with an exponent from " + -Limits.EXPONENT + " to " + Limits.EXPONENT;

    /** A number with at most this many digits takes fewer characters than {@link Limits#NUMBER}, whatever its exponent. */
    private static final int SURELY_SHORT = Limits.NUMBER - 20;

    private static final int SURELY_SHORT_BITS = SURELY_SHORT * 3;

    private ValueRules() {}

    /** Checks a value. */
    public static void check(String field, JsonNode value) {
        check(field, value, Limits.DEPTH);
    }

    /**
     * Checks a value with a nesting limit of its own.
     *
     * @param levels most nested arrays and objects
     */
    public static void check(String field, JsonNode value, int levels) {
        try {
            check(value, levels);
        } catch (InvalidTaskException e) {
            throw e.within(field);
        }
    }

    /** Checks values, and copies their list. */
    public static List<JsonNode> list(String field, @Nullable List<JsonNode> values) {
        if (values == null || values.isEmpty()) {
            return List.of();
        }
        var copy = TaskRules.list(field, values);
        for (int i = 0; i < copy.size(); i++) {
            var value = copy.get(i);
            if (value.isContainer() || !isFit(value)) {
                check(field + "[" + i + "]", value);
            }
        }
        return copy;
    }

    /**
     * Checks values and their names, and copies their map.
     *
     * @param field empty when the names are themselves fields
     */
    public static Map<String, JsonNode> map(String field, @Nullable Map<String, JsonNode> values) {
        if (values == null || values.isEmpty()) {
            return Map.of();
        }
        if (values instanceof CheckedMap) {
            return values;
        }
        var copy = new LinkedHashMap<>(values);
        try {
            copy.forEach((name, value) -> member(name, value, Limits.DEPTH));
        } catch (InvalidTaskException e) {
            throw e.within(field);
        }
        return new CheckedMap(copy);
    }

    /** A map that was checked, so that a changed copy of its record needs no copy of it. */
    private static final class CheckedMap extends AbstractMap<String, JsonNode> {
        private final Map<String, JsonNode> values;

        CheckedMap(Map<String, JsonNode> values) {
            this.values = Collections.unmodifiableMap(values);
        }

        @Override
        public Set<Entry<String, JsonNode>> entrySet() {
            return values.entrySet();
        }

        @Override
        public @Nullable JsonNode get(@Nullable Object name) {
            return values.get(name);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return values.containsKey(name);
        }

        @Override
        public void forEach(BiConsumer<? super String, ? super JsonNode> action) {
            values.forEach(action);
        }
    }

    private static void member(@Nullable String name, @Nullable JsonNode value, int levels) {
        if (name == null || WireText.isLongerThan(Limits.NAME, name) || !WireText.isWellFormed(name)) {
            throw new InvalidTaskException(
                    shown(name), "must have a name of well-formed Unicode, of at most " + Limits.NAME + " characters");
        }
        if (value == null) {
            throw new InvalidTaskException(shown(name), "must be a JSON value");
        }
        try {
            check(value, levels);
        } catch (InvalidTaskException e) {
            throw e.within(shown(name));
        }
    }

    private static String shown(@Nullable String name) {
        return WireText.cut(String.valueOf(name), TaskRules.SHOWN);
    }

    private static void check(JsonNode value, int levels) {
        if (!value.isContainer()) {
            if (!isFit(value)) {
                throw new InvalidTaskException("", rule(value));
            }
            return;
        }
        if (levels == 0) {
            throw new InvalidTaskException(
                    "", "must not be nested deeper than " + Limits.DEPTH + " arrays and objects");
        }
        if (value.isObject()) {
            value.forEachEntry((name, member) -> member(name, member, levels - 1));
        } else {
            for (int i = 0; i < value.size(); i++) {
                element(i, value.get(i), levels - 1);
            }
        }
    }

    private static void element(int index, JsonNode value, int levels) {
        try {
            check(value, levels);
        } catch (InvalidTaskException e) {
            throw e.within("[" + index + "]");
        }
    }

    private static boolean isFit(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> WireText.isWellFormed(value.stringValue());
            case NUMBER -> isFitNumber(value);
            case BOOLEAN, NULL, BINARY -> true;
            case ARRAY, OBJECT, MISSING, POJO -> false;
        };
    }

    private static String rule(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> TaskRules.WELL_FORMED;
            case NUMBER -> NUMBER;
            default -> "must be a JSON value";
        };
    }

    private static boolean isFitNumber(JsonNode value) {
        return value.isBigDecimal()
                ? isFit(value.decimalValue())
                : !value.isBigInteger() || isFit(value.bigIntegerValue());
    }

    private static boolean isFit(BigDecimal number) {
        var exponent = (long) number.precision() - number.scale() - 1;
        return Math.abs(exponent) <= Limits.EXPONENT
                && (number.precision() <= SURELY_SHORT || number.toString().length() <= Limits.NUMBER);
    }

    private static boolean isFit(BigInteger number) {
        return number.bitLength() <= SURELY_SHORT_BITS
                || (number.bitLength() <= 4 * Limits.NUMBER && number.toString().length() <= Limits.NUMBER);
    }
}
