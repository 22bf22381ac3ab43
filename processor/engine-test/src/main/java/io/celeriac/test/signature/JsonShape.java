package io.celeriac.test.signature;

import io.celeriac.contract.TaskJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;

/** The JSON that Jackson writes for a type. */
final class JsonShape extends JsonFormatVisitorWrapper.Base {

    private enum Kind {
        ANY,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        ARRAY,
        MAP,
        OBJECT
    }

    private static final int DEEPEST = 16; // a type may contain itself

    private Kind kind = Kind.ANY;
    private final Map<String, JavaType> properties = new LinkedHashMap<>();

    private JsonShape() {}

    static JsonShape of(JavaType type) {
        var shape = new JsonShape();
        TaskJson.MAPPER.acceptJsonFormatVisitor(type, shape);
        return shape;
    }

    /** The properties of an object; empty for others. */
    Map<String, JavaType> properties() {
        return properties;
    }

    /** Why JSON of one type cannot be read as another; empty when it can, or when types do not tell. */
    static Optional<String> misfit(JavaType written, JavaType read) {
        return Optional.ofNullable(misfit(written, read, 0));
    }

    private static @Nullable String misfit(JavaType mayBeOptional, JavaType mayBeOptionalToo, int depth) {
        var written = present(mayBeOptional);
        var read = present(mayBeOptionalToo);
        if (written.equals(read) || isOpen(written) || isOpen(read) || depth > DEEPEST) {
            return null;
        }
        var from = of(written);
        var to = of(read);
        if (from.kind == Kind.ANY || to.kind == Kind.ANY) {
            return null;
        }
        return switch (to.kind) {
            case NUMBER -> from.kind == Kind.INTEGER || from.kind == Kind.NUMBER ? null : "";
            case ARRAY -> from.kind == Kind.ARRAY ? ofElements(written, read, depth) : "";
            case MAP -> from.kind == Kind.MAP ? ofElements(written, read, depth) : from.kind == Kind.OBJECT ? null : "";
            case OBJECT -> from.kind == Kind.OBJECT ? ofProperties(from, to, depth) : from.kind == Kind.MAP ? null : "";
            case ANY, STRING, INTEGER, BOOLEAN -> from.kind == to.kind ? null : "";
        };
    }

    private static JavaType present(JavaType type) {
        return type.isReferenceType() ? type.getReferencedType() : type;
    }

    /** Whether any JSON can be of a type. */
    static boolean isOpen(JavaType type) {
        return type.isJavaLangObject() || type.isTypeOrSubTypeOf(JsonNode.class);
    }

    private static @Nullable String ofElements(JavaType written, JavaType read, int depth) {
        return written.getContentType() == null || read.getContentType() == null
                ? null
                : misfit(written.getContentType(), read.getContentType(), depth + 1);
    }

    private static @Nullable String ofProperties(JsonShape from, JsonShape to, int depth) {
        for (var property : from.properties.entrySet()) {
            var read = to.properties.get(property.getKey());
            if (read == null) {
                continue; // an unknown property is skipped
            }
            var why = misfit(property.getValue(), read, depth + 1);
            if (why != null) {
                return " (\"" + property.getKey() + "\" is "
                        + property.getValue().toCanonical() + ", and not " + read.toCanonical() + why + ")";
            }
        }
        return null;
    }

    @Override
    public JsonObjectFormatVisitor expectObjectFormat(JavaType type) {
        kind = Kind.OBJECT;
        return new JsonObjectFormatVisitor.Base(getContext()) {
            @Override
            public void property(BeanProperty property) {
                properties.put(property.getName(), property.getType());
            }

            @Override
            public void optionalProperty(BeanProperty property) {
                properties.put(property.getName(), property.getType());
            }
        };
    }

    @Override
    public @Nullable JsonArrayFormatVisitor expectArrayFormat(JavaType type) {
        kind = Kind.ARRAY;
        return null;
    }

    @Override
    public @Nullable JsonMapFormatVisitor expectMapFormat(JavaType type) {
        kind = Kind.MAP;
        return null;
    }

    @Override
    public @Nullable JsonStringFormatVisitor expectStringFormat(JavaType type) {
        kind = Kind.STRING;
        return null;
    }

    @Override
    public @Nullable JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
        kind = Kind.NUMBER;
        return null;
    }

    @Override
    public @Nullable JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
        kind = Kind.INTEGER;
        return null;
    }

    @Override
    public @Nullable JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
        kind = Kind.BOOLEAN;
        return null;
    }

    @Override
    public @Nullable JsonAnyFormatVisitor expectAnyFormat(JavaType type) {
        kind = Kind.ANY;
        return null;
    }
}
