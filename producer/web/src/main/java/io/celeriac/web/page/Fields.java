package io.celeriac.web.page;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object for templates, in which a member that is missing is null.
 *
 * <p>A template can say {@code task.error?.type} whether the task has an error or not.
 */
public final class Fields extends LinkedHashMap<String, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    static Fields of(JsonNode object) {
        var fields = new Fields();
        object.properties().forEach(member -> fields.put(member.getKey(), value(member.getValue())));
        return fields;
    }

    static @Nullable Object value(JsonNode node) {
        if (node.isObject()) {
            return of(node);
        }
        if (node.isArray()) {
            return node.valueStream().map(Fields::value).toList();
        }
        return switch (node.getNodeType()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.numberValue();
            default -> null;
        };
    }

    /** True for every name, so that an expression reads a missing member as null. */
    @Override
    public boolean containsKey(Object key) {
        return true;
    }

    /** Whether the object has this member. */
    public boolean has(String name) {
        return super.containsKey(name);
    }
}
