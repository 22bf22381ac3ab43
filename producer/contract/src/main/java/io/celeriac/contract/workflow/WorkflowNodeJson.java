package io.celeriac.contract.workflow;

import io.celeriac.contract.json.WireModule;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a {@link WorkflowNode}. */
final class WorkflowNodeJson {

    private static final String NAME = "name";
    private static final String TASK = "task";
    private static final String ITEMS = "items";
    private static final String SIZE = "size";
    private static final String HEADER = "header";
    private static final String BODY = "body";
    private static final String CONCURRENCY = "concurrency";
    private static final String OPEN = "open";
    private static final String ON_MEMBER_FAILURE = "onMemberFailure";
    private static final String ON_SUCCESS = "onSuccess";
    private static final String ON_FAILURE = "onFailure";

    private static final List<NodeKind> INNER =
            List.of(NodeKind.CHAIN, NodeKind.GROUP, NodeKind.CHORD, NodeKind.MAP, NodeKind.STARMAP, NodeKind.CHUNKS);
    private static final Set<String> COMMON =
            Set.of(NAME, CONCURRENCY, OPEN, ON_MEMBER_FAILURE, ON_SUCCESS, ON_FAILURE);

    private WorkflowNodeJson() {}

    static final class Reader extends ValueDeserializer<WorkflowNode> {
        /** Otherwise Jackson makes a reader anew for each value. */
        @Override
        public boolean isCachable() {
            return true;
        }

        @Override
        public WorkflowNode deserialize(JsonParser parser, DeserializationContext context) {
            var json = context.readTree(parser);
            return node(json, context, 1);
        }
    }

    private static WorkflowNode node(JsonNode json, DeserializationContext context, int level) {
        if (level > Limits.WORKFLOW_DEPTH) {
            throw new InvalidTaskException("", "must not be nested deeper than " + Limits.WORKFLOW_DEPTH + " nodes");
        }
        if (!(json instanceof ObjectNode node)) {
            throw new InvalidTaskException(
                    "",
                    "must be a node: an object with a task, a chain, a group, a chord,"
                            + " a map, a starmap or chunks");
        }
        var kind = kind(node);
        if (kind == NodeKind.TASK) {
            return task(node, context);
        }
        requireKnown(node, kind);
        var content = node.get(kind.word());
        return new WorkflowNode(
                kind,
                optional(node, NAME, String.class, context),
                kind.hasItems() ? at(kind.word() + "." + TASK, () -> signature(content.get(TASK), context)) : null,
                nodes(kind, content, context, level + 1),
                kind.hasItems() ? items(kind, content) : List.of(),
                kind == NodeKind.CHUNKS ? size(content, context) : 0,
                optional(node, CONCURRENCY, Integer.class, context),
                Boolean.TRUE.equals(optional(node, OPEN, Boolean.class, context)),
                optional(node, ON_MEMBER_FAILURE, MemberPolicy.class, context),
                signatures(node, ON_SUCCESS, context),
                signatures(node, ON_FAILURE, context));
    }

    private static NodeKind kind(ObjectNode node) {
        var found = NodeKind.TASK;
        for (var kind : INNER) {
            if (node.has(kind.word())) {
                if (found != NodeKind.TASK) {
                    throw new InvalidTaskException(
                            kind.word(), "must not stand beside " + found.word() + ": a node has one kind");
                }
                found = kind;
            }
        }
        return found;
    }

    /** An unknown field of a task is carried along. One beside a chain would be lost, so it is refused. */
    private static void requireKnown(ObjectNode node, NodeKind kind) {
        for (var field : node.propertyNames()) {
            if (!field.equals(kind.word()) && !COMMON.contains(field)) {
                throw new InvalidTaskException(field, "is not known beside " + kind.word());
            }
        }
        if (node.get(kind.word()) instanceof ObjectNode content) {
            for (var field : content.propertyNames()) {
                if (!contents(kind).contains(field)) {
                    throw new InvalidTaskException(
                            kind.word() + "." + field,
                            COMMON.contains(field) ? "must stand beside " + kind.word() : "is not known");
                }
            }
        }
    }

    private static Set<String> contents(NodeKind kind) {
        return switch (kind) {
            case CHORD -> Set.of(HEADER, BODY);
            case MAP, STARMAP -> Set.of(TASK, ITEMS);
            case CHUNKS -> Set.of(TASK, ITEMS, SIZE);
            case TASK, CHAIN, GROUP -> Set.of();
        };
    }

    private static WorkflowNode task(ObjectNode node, DeserializationContext context) {
        var name = optional(node, NAME, String.class, context);
        var signature = node.deepCopy();
        signature.remove(NAME);
        if (!node.has(TASK)) {
            requireKind(signature, context);
        }
        return WorkflowNode.task(signature(signature, context)).named(name);
    }

    /** Names the field that was meant as a kind of node, such as {@code chainz}, before it is told that the task is missing. */
    private static void requireKind(ObjectNode node, DeserializationContext context) {
        var unknown = signature(node.deepCopy().put(TASK, "unknown"), context).task().extra().keySet().stream()
                .filter(field -> !COMMON.contains(field))
                .findFirst();
        if (unknown.isPresent()) {
            throw new InvalidTaskException(
                    unknown.get(),
                    "is not known; a node has a task, a chain, a group, a chord, a map, a starmap or chunks");
        }
    }

    private static Signature signature(@Nullable JsonNode json, DeserializationContext context) {
        if (json == null) {
            throw new InvalidTaskException("", "is required");
        }
        return context.readTreeAsValue(json, Signature.class);
    }

    private static List<WorkflowNode> nodes(
            NodeKind kind, JsonNode content, DeserializationContext context, int level) {
        return switch (kind) {
            case CHAIN, GROUP -> list(kind.word(), content, context, level);
            case CHORD -> {
                var header = content.get(HEADER);
                var body = content.get(BODY);
                if (header == null || body == null) {
                    throw new InvalidTaskException("chord", "must have a header and a body");
                }
                yield List.of(
                        header.isArray()
                                ? WorkflowNode.group(list("chord.header", header, context, level + 1))
                                : at("chord.header", () -> node(header, context, level)),
                        at("chord.body", () -> node(body, context, level)));
            }
            case TASK, MAP, STARMAP, CHUNKS -> List.of();
        };
    }

    private static List<WorkflowNode> list(String field, JsonNode array, DeserializationContext context, int level) {
        if (!array.isArray()) {
            throw new InvalidTaskException(field, "must be a list of nodes");
        }
        var nodes = new ArrayList<WorkflowNode>(array.size());
        for (int i = 0; i < array.size(); i++) {
            var json = array.get(i);
            nodes.add(at(field + "[" + i + "]", () -> node(json, context, level)));
        }
        return nodes;
    }

    private static List<JsonNode> items(NodeKind kind, JsonNode content) {
        var items = content.get(ITEMS);
        if (items == null || !items.isArray()) {
            throw new InvalidTaskException(kind.word() + "." + ITEMS, "must be a list");
        }
        return List.copyOf(items.values());
    }

    private static int size(JsonNode content, DeserializationContext context) {
        var size = content instanceof ObjectNode node ? optional(node, SIZE, Integer.class, context) : null;
        if (size == null) {
            throw new InvalidTaskException("chunks." + SIZE, "is required");
        }
        return size;
    }

    private static <T> @Nullable T optional(
            ObjectNode node, String field, Class<T> type, DeserializationContext context) {
        var value = node.get(field);
        return value == null || value.isNull()
                ? null
                : at(field, () -> {
                    try {
                        return context.readTreeAsValue(value, type);
                    } catch (DatabindException e) {
                        throw new InvalidTaskException("", WireModule.rule(type));
                    }
                });
    }

    private static List<Signature> signatures(ObjectNode node, String field, DeserializationContext context) {
        var array = node.get(field);
        if (array == null || array.isNull()) {
            return List.of();
        }
        if (!array.isArray()) {
            throw new InvalidTaskException(field, "must be a list of tasks");
        }
        var signatures = new ArrayList<Signature>(array.size());
        for (int i = 0; i < array.size(); i++) {
            var json = array.get(i);
            signatures.add(at(field + "[" + i + "]", () -> signature(json, context)));
        }
        return signatures;
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T at(String path, Reading<T> reading) {
        try {
            return reading.read();
        } catch (InvalidTaskException e) {
            throw e.within(path);
        } catch (DatabindException e) {
            if (e.getCause() instanceof InvalidTaskException cause) {
                throw cause.within(path);
            }
            throw e;
        }
    }

    static final class Writer extends ValueSerializer<WorkflowNode> {
        @Override
        public void serialize(WorkflowNode node, JsonGenerator out, SerializationContext context) {
            if (node.kind() == NodeKind.TASK) {
                writeTask(node, out, context);
                return;
            }
            out.writeStartObject();
            writeContent(node, out, context);
            write(out, context, NAME, node.name());
            write(out, context, CONCURRENCY, node.concurrency());
            write(out, context, OPEN, node.open() ? true : null);
            write(out, context, ON_MEMBER_FAILURE, node.onMemberFailure());
            write(out, context, ON_SUCCESS, node.onSuccess().isEmpty() ? null : node.onSuccess());
            write(out, context, ON_FAILURE, node.onFailure().isEmpty() ? null : node.onFailure());
            out.writeEndObject();
        }

        private static void writeTask(WorkflowNode node, JsonGenerator out, SerializationContext context) {
            var task = node.task();
            if (task == null || node.name() == null) {
                context.writeValue(out, task);
                return;
            }
            var extra = new LinkedHashMap<>(task.task().extra());
            extra.put(NAME, context.getConfig().getNodeFactory().stringNode(node.name()));
            context.writeValue(
                    out, new Signature(task.task().toBuilder().extra(extra).build(), task.queue(), task.immutable()));
        }

        private static void writeContent(WorkflowNode node, JsonGenerator out, SerializationContext context) {
            out.writeName(node.kind().word());
            switch (node.kind()) {
                case CHAIN, GROUP -> writeList(node.nodes(), out, context);
                case CHORD -> {
                    out.writeStartObject();
                    out.writeName(HEADER);
                    var header = node.nodes().get(0);
                    if (header.equals(WorkflowNode.group(header.nodes()))) {
                        writeList(header.nodes(), out, context);
                    } else {
                        serializeNode(header, out, context);
                    }
                    out.writeName(BODY);
                    serializeNode(node.nodes().get(1), out, context);
                    out.writeEndObject();
                }
                case TASK, MAP, STARMAP, CHUNKS -> {
                    out.writeStartObject();
                    write(out, context, TASK, node.task());
                    write(out, context, ITEMS, node.items());
                    write(out, context, SIZE, node.kind() == NodeKind.CHUNKS ? node.size() : null);
                    out.writeEndObject();
                }
            }
        }

        private static void writeList(List<WorkflowNode> nodes, JsonGenerator out, SerializationContext context) {
            out.writeStartArray();
            nodes.forEach(node -> serializeNode(node, out, context));
            out.writeEndArray();
        }

        private static void serializeNode(WorkflowNode node, JsonGenerator out, SerializationContext context) {
            context.writeValue(out, node);
        }

        private static void write(
                JsonGenerator out, SerializationContext context, String field, @Nullable Object value) {
            if (value != null) {
                out.writeName(field);
                context.writeValue(out, value);
            }
        }
    }
}
