package io.celeriac.gateway.openapi;

import io.celeriac.contract.TaskJson;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the JSON Schemas of the contract into schemas of the API, so that a task has one description, the one that its golden
 * files are tested against. Inner definitions ({@code #/$defs/id}) become schemas of their own ({@code Task.id}).
 */
final class ContractSchemas {

    private static final String COMPONENTS = "#/components/schemas/";

    private ContractSchemas() {}

    /**
     * @param beside a class of the same package as the file
     * @param name of the schema in the API
     */
    static Map<String, Schema<?>> load(Class<?> beside, String file, String name) {
        var root = (ObjectNode) read(beside, file);
        var definitions = root.remove("$defs");
        root.remove("$schema");
        root.remove("$id");
        var schemas = new LinkedHashMap<String, Schema<?>>();
        schemas.put(name, schema(root, name));
        if (definitions != null) {
            definitions
                    .properties()
                    .forEach(definition -> schemas.put(
                            name + "." + definition.getKey(), schema((ObjectNode) definition.getValue(), name)));
        }
        return schemas;
    }

    private static Schema<?> schema(ObjectNode json, String name) {
        redirect(json, name);
        try {
            return Json31.mapper().readValue(json.toString(), Schema.class);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("the schema " + name + " is not an OpenAPI schema", e);
        }
    }

    private static void redirect(JsonNode json, String name) {
        if (json instanceof ObjectNode fields) {
            var reference = fields.get("$ref");
            if (reference != null && !reference.asString().startsWith(COMPONENTS)) {
                var target = reference.asString();
                fields.put("$ref", COMPONENTS + (target.equals("#") ? name : target.replace("#/$defs/", name + ".")));
            }
            fields.properties().forEach(field -> redirect(field.getValue(), name));
        } else if (json instanceof ArrayNode items) {
            items.forEach(item -> redirect(item, name));
        }
    }

    private static JsonNode read(Class<?> beside, String file) {
        try (var in = Objects.requireNonNull(beside.getResourceAsStream(file), file)) {
            return TaskJson.MAPPER.readTree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
