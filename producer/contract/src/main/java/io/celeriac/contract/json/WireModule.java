package io.celeriac.contract.json;

import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.ValueRules;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jackson.JsonNodeDeserializer;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads types that JSON does not have, and words the rules for values that do not fit. */
public final class WireModule {

    static final SimpleModule INSTANCE = new SimpleModule("celeriac-wire")
            .addDeserializer(Instant.class, new InstantReader())
            .addDeserializer(Duration.class, new DurationReader())
            .addDeserializer(JsonNode.class, treeReader(JsonNode.class))
            .addDeserializer(ObjectNode.class, treeReader(ObjectNode.class))
            .addDeserializer(ArrayNode.class, treeReader(ArrayNode.class));

    private WireModule() {}

    @SuppressWarnings("unchecked") // it returns the values of the reader that it wraps
    private static <T extends JsonNode> ValueDeserializer<T> treeReader(Class<T> type) {
        return (ValueDeserializer<T>) (ValueDeserializer<?>) new TreeReader(type);
    }

    /** The rule for a number that is too large for its type; the text follows the field's name. */
    static String range(String field, @Nullable Class<?> type) {
        return switch (field.substring(field.lastIndexOf('.') + 1)) {
            case "priority" -> "must be from " + Limits.LEAST_PRIORITY + " to " + Limits.GREATEST_PRIORITY;
            case "maxAttempts" -> "must be from 1 to " + Integer.MAX_VALUE;
            default -> rule(type);
        };
    }

    /** The rule for a field of the type; the text follows the field's name. */
    public static String rule(@Nullable Class<?> type) {
        if (type == null) {
            return "has a value that does not fit";
        }
        if (type == Instant.class) {
            return "must be an RFC 3339 instant such as 2026-01-31T12:00:00Z";
        }
        if (type == Duration.class) {
            return "must be an ISO-8601 duration such as PT30S";
        }
        if (type == String.class) {
            return "must be a string";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "must be true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "must be a whole number";
        }
        if (type == BigDecimal.class || type == BigInteger.class) {
            return ValueRules.NUMBER;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "must be an array";
        }
        if (type.isEnum()) {
            return "must be one of the known words";
        }
        return Map.class.isAssignableFrom(type) || type.isRecord()
                ? "must be an object"
                : "has a value that does not fit";
    }

    private static final class InstantReader extends StdDeserializer<Instant> {
        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Instant) context.handleUnexpectedToken(Instant.class, parser);
            }
            try {
                var utc = WireInstant.parseUtc(parser.getString());
                return utc == null ? OffsetDateTime.parse(parser.getString()).toInstant() : utc;
            } catch (DateTimeException e) {
                throw context.weirdStringException(parser.getString(), Instant.class, rule(Instant.class));
            }
        }
    }

    private static final class DurationReader extends StdDeserializer<Duration> {
        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Duration) context.handleUnexpectedToken(Duration.class, parser);
            }
            try {
                return Duration.parse(parser.getString());
            } catch (DateTimeException e) {
                throw context.weirdStringException(parser.getString(), Duration.class, rule(Duration.class));
            }
        }
    }

    /** Reads a tree, and reports a number that no Java type holds as wrong input; Jackson lets an exception of the JDK pass. */
    private static final class TreeReader extends DelegatingDeserializer {

        TreeReader(Class<? extends JsonNode> type) {
            super(JsonNodeDeserializer.getDeserializer(type));
        }

        private TreeReader(ValueDeserializer<?> reader) {
            super(reader);
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> newReader) {
            return new TreeReader(newReader);
        }

        @Override
        public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
            try {
                return super.deserialize(parser, context);
            } catch (ArithmeticException | NumberFormatException e) {
                var outOfRange = new InputCoercionException(
                        parser, "a number is out of range", parser.currentToken(), BigDecimal.class);
                outOfRange.initCause(e);
                throw outOfRange;
            }
        }
    }
}
