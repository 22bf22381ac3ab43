package io.celeriac.contract;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads and writes the wire format: UTF-8 JSON, camelCase, no Java class names.
 *
 * <p>Strict about what a field is (a number in place of a string is refused, an instant is RFC 3339 and never a number),
 * lenient about what there is (unknown fields are carried along). Numbers keep every digit: decimals are never read as
 * binary floating point. Safe for use by several threads.
 */
public final class TaskJson {

    /** The mapper of the wire. Use it for arguments and results too, so that they look the same everywhere. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.RECORD_DEPTH)
                            .maxNumberLength(Limits.NUMBER)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(Limits.RECORD_DEPTH)
                            .build())
                    .build())
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(Include.NON_NULL))
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .withCoercionConfig(
                    LogicalType.Textual,
                    textIsText -> textIsText
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail))
            .addModule(WireModule.INSTANCE)
            .build();

    private static final PlainTaskReader PLAIN_TASK = new PlainTaskReader(MAPPER);
    private static final ObjectReader TASK = MAPPER.readerFor(Task.class);
    private static final ObjectReader RESULT = MAPPER.readerFor(TaskResult.class);
    private static final ObjectReader COMMAND = MAPPER.readerFor(Command.class);
    private static final ObjectReader DECLARATION = MAPPER.readerFor(ScheduleDeclaration.class);
    private static final ObjectWriter WRITER = MAPPER.writer();

    private TaskJson() {}

    /**
     * @throws InvalidTaskException when the bytes are not JSON, or a field breaks a rule
     */
    public static Task task(byte[] json) {
        var plain = PLAIN_TASK.read(json);
        return plain == null ? boundTask(json) : plain;
    }

    /** As {@link #task(byte[])}, all of it by data binding. */
    static Task boundTask(byte[] json) {
        return read(TASK, Task.class, json);
    }

    /**
     * @throws InvalidTaskException as {@link #task(byte[])}
     */
    public static Task task(JsonNode json) {
        return read(() -> TASK.<@Nullable Task>readValue(json));
    }

    /**
     * Any JSON as a tree, for those who look at it before they make a record of it.
     *
     * @throws InvalidTaskException when the bytes are not JSON
     */
    public static JsonNode parse(byte[] json) {
        return read(() -> MAPPER.readTree(json));
    }

    /**
     * @throws InvalidTaskException when the bytes are not a result
     */
    public static TaskResult result(byte[] json) {
        return read(RESULT, TaskResult.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not a command
     */
    public static Command command(byte[] json) {
        return read(COMMAND, Command.class, json);
    }

    /**
     * @throws InvalidTaskException when the bytes are not a declaration
     */
    public static ScheduleDeclaration declaration(byte[] json) {
        return read(DECLARATION, ScheduleDeclaration.class, json);
    }

    /**
     * The name in the field {@code task} of a record, a task or a result, also of one that nothing else can be made of.
     *
     * @return empty where it cannot be told, also because there are two
     */
    public static Optional<String> nameIn(byte[] json) {
        return textIn(json, "task");
    }

    /**
     * The word in the field {@code command} of a record of the control topic: which order it is, also of one that this program
     * does not know.
     *
     * @return empty where it cannot be told
     */
    public static Optional<String> commandIn(byte[] json) {
        return textIn(json, "command");
    }

    private static Optional<String> textIn(byte[] json, String wanted) {
        Optional<String> found = Optional.empty();
        try (var parser = MAPPER.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (var field = parser.nextName(); field != null; field = parser.nextName()) {
                var value = parser.nextToken();
                if (field.equals(wanted)) {
                    var text = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                    if (text == null || (found.isPresent() && !found.get().equals(text))) {
                        return Optional.empty();
                    }
                    found = Optional.of(text);
                }
                parser.skipChildren();
            }
            return found;
        } catch (RuntimeException | StackOverflowError e) {
            return found; // it may still be told of what is no JSON to its end
        }
    }

    /** UTF-8 JSON of a record of this package. */
    public static byte[] bytes(Object value) {
        return WRITER.writeValueAsBytes(value);
    }

    /**
     * Any value as JSON; null becomes JSON's null.
     *
     * @throws InvalidTaskException when it holds itself, or too many values within each other
     */
    public static JsonNode tree(@Nullable Object value) {
        try {
            return MAPPER.valueToTree(value);
        } catch (StackOverflowError e) {
            throw new InvalidTaskException("", "cannot be written as JSON: it holds itself, or is nested too deep");
        }
    }

    private static <T> T read(ObjectReader reader, Class<T> type, byte[] json) {
        return read(() -> type.cast(reader.<@Nullable Object>readValue(json)));
    }

    /** A source of values that may fail in any way. */
    @FunctionalInterface
    private interface Reading<T> {
        @Nullable
        T read();
    }

    /** The one place where reading may fail: whatever is thrown there for some input, its reader learns that the input is wrong. */
    private static <T> T read(Reading<T> reading) {
        try {
            return nonNull(reading.read());
        } catch (InvalidTaskException e) {
            throw e;
        } catch (JacksonException e) {
            throw explained(e);
        } catch (RuntimeException | StackOverflowError e) {
            throw new InvalidTaskException("", "cannot be read: " + e);
        }
    }

    private static <T> T nonNull(@Nullable T value) {
        if (value == null) {
            throw new InvalidTaskException("", "must be a JSON object, but is null");
        }
        return value;
    }

    private static InvalidTaskException explained(JacksonException e) {
        var path = path(e.getPath());
        if (e.getCause() instanceof InvalidTaskException cause) {
            return cause.within(path);
        }
        if (e instanceof ValueInstantiationException && e.getCause() instanceof NullPointerException cause) {
            return new InvalidTaskException(path, "lacks the field " + cause.getMessage());
        }
        if (e instanceof InputCoercionException number) {
            return new InvalidTaskException(path, WireModule.range(path, number.getTargetType()));
        }
        if (e instanceof StreamReadException) {
            return new InvalidTaskException("", "is not JSON: " + e.getOriginalMessage() + where(e));
        }
        if (e instanceof InvalidFormatException format) {
            return new InvalidTaskException(
                    path, WireModule.rule(format.getTargetType()) + ", but is " + shown(format.getValue()));
        }
        if (e instanceof MismatchedInputException mismatch) {
            return new InvalidTaskException(path, WireModule.rule(mismatch.getTargetType()));
        }
        return new InvalidTaskException(path, e.getOriginalMessage());
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String text
                ? TaskRules.shown(text)
                : WireText.cut(String.valueOf(value), TaskRules.SHOWN);
    }

    private static String where(JacksonException e) {
        var location = e.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String path(List<Reference> references) {
        var path = new StringBuilder();
        for (var reference : references) {
            if (reference.getPropertyName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".")
                        .append(WireText.cut(reference.getPropertyName(), TaskRules.SHOWN));
            }
        }
        return path.toString();
    }
}
