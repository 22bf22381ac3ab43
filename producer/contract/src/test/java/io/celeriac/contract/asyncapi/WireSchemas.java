package io.celeriac.contract.asyncapi;

import io.celeriac.contract.Golden;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.NodeKind;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas that stand in the sources: of tasks, results and nodes of workflows. They become schemas of draft 7, which AsyncAPI and its
 * tools read.
 */
final class WireSchemas {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String COMPONENTS = "#/components/schemas/";
    private static final Set<String> ABOUT_ITSELF = Set.of("$schema", "$id", "$defs");

    private WireSchemas() {}

    /** Adds the schema of a file under a name, and what it defines under names that begin with that of the file. */
    static void add(ObjectNode schemas, String file, String name) {
        var schema = (ObjectNode) TaskJson.parse(Golden.bytes("/io/celeriac/contract/" + file));
        schemas.set(name, rewritten(schema, name));
        schema.get("$defs")
                .properties()
                .forEach(definition ->
                        schemas.set(component(name, definition.getKey()), rewritten(definition.getValue(), name)));
    }

    private static String component(String schema, String definition) {
        return definition.equals("signature")
                ? "Signature"
                : schema + Character.toUpperCase(definition.charAt(0)) + definition.substring(1);
    }

    private static JsonNode rewritten(JsonNode node, String name) {
        if (node instanceof ArrayNode array) {
            var copy = MAPPER.createArrayNode();
            array.forEach(item -> copy.add(rewritten(item, name)));
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        var copy = MAPPER.createObjectNode();
        for (var field : object.properties()) {
            if (field.getKey().equals("$ref")) {
                var reference = COMPONENTS + target(field.getValue().stringValue(), name);
                if (object.size() == 1) {
                    copy.put("$ref", reference);
                } else { // in draft 7 a reference hides what stands beside it
                    copy.putArray("allOf").addObject().put("$ref", reference);
                }
            } else if (!ABOUT_ITSELF.contains(field.getKey())) {
                copy.set(field.getKey(), rewritten(field.getValue(), name));
            }
        }
        return copy;
    }

    private static String target(String reference, String name) {
        return reference.equals("#") ? name : component(name, reference.substring("#/$defs/".length()));
    }

    /** The schema of a node of a workflow, of which each kind has a field of its own. */
    static ObjectNode node() {
        var schema = MAPPER.createObjectNode();
        schema.put("description", "A task, or nodes that are run in an order. It has one of the fields of its kind.");
        var kinds = schema.putArray("anyOf");
        for (var kind : NodeKind.values()) {
            if (kind == NodeKind.TASK) {
                kinds.addObject()
                        .put("title", "task")
                        .putArray("allOf")
                        .addObject()
                        .put("$ref", COMPONENTS + "Signature");
            } else {
                kinds.add(inner(kind));
            }
        }
        return schema;
    }

    private static ObjectNode inner(NodeKind kind) {
        var schema = MAPPER.createObjectNode();
        schema.put("title", kind.word());
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        schema.putArray("required").add(kind.word());
        var properties = schema.putObject("properties");
        properties.set(kind.word(), content(kind));
        properties
                .putObject("name")
                .put("description", "For people.")
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", Limits.TASK_NAME);
        if (kind.isGroup()) {
            properties
                    .putObject("concurrency")
                    .put("description", "How many members run at the same time; absent: all.")
                    .put("type", "integer")
                    .put("minimum", 1)
                    .put("maximum", Limits.WORKFLOW_MEMBERS);
            var policies = properties
                    .putObject("onMemberFailure")
                    .put("description", "Absent: that of the workflow.")
                    .putArray("enum");
            for (var policy : MemberPolicy.values()) {
                policies.add(TaskJson.tree(policy));
            }
        }
        if (kind == NodeKind.GROUP) {
            properties
                    .putObject("open")
                    .put("description", "Further members follow in records of their own.")
                    .put("type", "boolean");
        }
        properties.set("onSuccess", steps("Sent when the node has succeeded."));
        properties.set("onFailure", steps("Sent when the node has failed."));
        return schema;
    }

    private static ObjectNode content(NodeKind kind) {
        return switch (kind) {
            case TASK -> reference("Signature");
            case CHAIN, GROUP -> nodes();
            case CHORD -> {
                var chord = object("header", "body");
                var properties = chord.putObject("properties");
                var header = properties.putObject("header").putArray("anyOf");
                header.add(nodes());
                header.add(reference("WorkflowNode"));
                properties.set("body", reference("WorkflowNode"));
                yield chord;
            }
            case MAP -> items(MAPPER.createObjectNode(), "task", "items");
            case STARMAP -> items(MAPPER.createObjectNode().put("type", "array"), "task", "items");
            case CHUNKS -> items(MAPPER.createObjectNode().put("type", "array"), "task", "items", "size");
        };
    }

    private static ObjectNode items(ObjectNode item, String... required) {
        var schema = object(required);
        var properties = schema.putObject("properties");
        properties.set("task", reference("Signature"));
        properties
                .putObject("items")
                .put("type", "array")
                .put("maxItems", Limits.WORKFLOW_MEMBERS)
                .set("items", item);
        if (required.length > 2) {
            properties
                    .putObject("size")
                    .put("type", "integer")
                    .put("minimum", 1)
                    .put("maximum", Limits.WORKFLOW_MEMBERS);
        }
        return schema;
    }

    private static ObjectNode nodes() {
        var schema = MAPPER.createObjectNode().put("type", "array").put("maxItems", Limits.WORKFLOW_MEMBERS);
        schema.set("items", reference("WorkflowNode"));
        return schema;
    }

    private static ObjectNode steps(String description) {
        var schema = MAPPER.createObjectNode()
                .put("description", description)
                .put("type", "array")
                .put("maxItems", Limits.STEPS);
        schema.set("items", reference("Signature"));
        return schema;
    }

    private static ObjectNode object(String... required) {
        var schema = MAPPER.createObjectNode().put("type", "object");
        var names = schema.putArray("required");
        for (var name : required) {
            names.add(name);
        }
        return schema;
    }

    private static ObjectNode reference(String name) {
        return MAPPER.createObjectNode().put("$ref", COMPONENTS + name);
    }
}
