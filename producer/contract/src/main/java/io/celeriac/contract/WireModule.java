package io.celeriac.contract;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** How the wire writes what JSON has no type for, and what it says when a value does not fit. */
final class WireModule {

    static final SimpleModule INSTANCE = new SimpleModule("celeriac-wire")
            .addDeserializer(Instant.class, new InstantReader())
            .addDeserializer(Duration.class, new DurationReader())
            .addDeserializer(Signature.class, new SignatureReader())
            .addSerializer(Signature.class, new SignatureWriter())
            .addSerializer(TaskResult.class, new TaskResultWriter());

    private WireModule() {}

    /** What a field of the type must be, to be read after its name. */
    static String rule(@Nullable Class<?> type) {
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

    private static final class SignatureReader extends ValueDeserializer<Signature> {
        @Override
        public Signature deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.START_OBJECT)) {
                return (Signature) context.handleUnexpectedToken(Signature.class, parser);
            }
            ObjectNode fields = context.readValue(parser, ObjectNode.class);
            var queue = fields.remove("queue");
            var immutable = fields.remove("immutable");
            if (queue != null && !queue.isString()) {
                throw new InvalidTaskException("queue", rule(String.class));
            }
            if (immutable != null && !immutable.isBoolean()) {
                throw new InvalidTaskException("immutable", rule(boolean.class));
            }
            return new Signature(
                    context.readTreeAsValue(fields, Task.class),
                    queue == null ? null : queue.asString(),
                    immutable != null && immutable.asBoolean());
        }
    }

    private static final class SignatureWriter extends ValueSerializer<Signature> {
        @Override
        public void serialize(Signature signature, JsonGenerator generator, SerializationContext context) {
            ObjectNode fields = TaskJson.MAPPER.valueToTree(signature.task());
            if (signature.queue() != null) {
                fields.put("queue", signature.queue());
            }
            if (signature.immutable()) {
                fields.put("immutable", true);
            }
            generator.writeTree(fields);
        }
    }
}
