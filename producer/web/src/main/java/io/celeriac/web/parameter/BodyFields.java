package io.celeriac.web.parameter;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a JSON body. A field that is null counts as absent, and numbers keep all their digits. */
public final class BodyFields {

    private final ObjectNode fields;

    private BodyFields(ObjectNode fields) {
        this.fields = fields;
    }

    /**
     * Reads a body.
     *
     * @param body null or empty for one without fields
     * @param known the fields that it may have
     * @throws InvalidTaskException when it is no JSON object, or has another field
     */
    public static BodyFields read(byte @Nullable [] body, String... known) {
        if (body == null || body.length == 0) {
            return new BodyFields(JsonNodeFactory.instance.objectNode());
        }
        var fields = object(body);
        var unknown = new TreeSet<>(fields.propertyNames());
        List.of(known).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new InvalidTaskException(
                    unknown.first(), "is not a field here; there are " + String.join(", ", known));
        }
        return new BodyFields(fields);
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (TaskJson.MAPPER.readTree(body) instanceof ObjectNode fields) {
                return fields;
            }
        } catch (JacksonException e) {
            throw new InvalidTaskException("", "the body is not JSON: " + e.getOriginalMessage());
        }
        throw new InvalidTaskException("", "the body must be a JSON object");
    }

    /** The value of a field; null if it is absent. */
    public @Nullable JsonNode value(String name) {
        var value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** The value of a field that is a text; null if it is absent. */
    public @Nullable String text(String name) {
        var value = value(name);
        if (value != null && !value.isString()) {
            throw new InvalidTaskException(name, "must be a string");
        }
        return value == null ? null : value.asString();
    }

    /** The value of a field that is true or false; false if it is absent. */
    public boolean flag(String name) {
        var value = value(name);
        if (value != null && !value.isBoolean()) {
            throw new InvalidTaskException(name, "must be true or false");
        }
        return value != null && value.booleanValue();
    }
}
