package io.celeriac.contract.json;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.WireText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
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
 * The JSON mapper of the wire, and the messages for input that it refuses. It knows no record of the wire: their annotations say
 * how they are read. Safe for use by several threads.
 */
public final class WireMapper {

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

    private WireMapper() {}

    /**
     * Any value as JSON; null becomes JSON's null.
     *
     * @throws InvalidTaskException when it contains itself, or is nested too deep
     */
    public static JsonNode tree(@Nullable Object value) {
        try {
            return MAPPER.valueToTree(value);
        } catch (StackOverflowError e) {
            throw new InvalidTaskException("", "cannot be written as JSON: it contains itself, or is nested too deep");
        }
    }

    /** A source of values that may fail in any way. */
    @FunctionalInterface
    public interface Reading<T> {
        @Nullable
        T read();
    }

    /** Reads a value, and turns every exception into an {@link InvalidTaskException}: callers always learn that the input is wrong. */
    public static <T> T read(Reading<T> reading) {
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
