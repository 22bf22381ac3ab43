package io.celeriac.contract.workflow;

import io.celeriac.contract.json.WireMapper;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.ValueRules;
import io.celeriac.contract.task.Signature;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A node of a workflow's tree: a task, or nodes that are run in an order. On the wire it is an object with the field of its kind, such as
 * {@code {"chain": […]}}; an object without such a field is a task. The constructor checks all rules.
 *
 * @param kind of the node
 * @param name for people, 1 to 255 characters; null for none
 * @param task of a {@link NodeKind#TASK}, and of the kinds with items, whose tasks are all made from it; otherwise null
 * @param nodes of a chain; members of a group; of a chord the header, which is a group, and the body
 * @param items of the kinds with items, each the arguments of one task
 * @param size of {@link NodeKind#CHUNKS}: the number of items in a part, ≥ 1; otherwise 0
 * @param concurrency of a group: how many members run at the same time, ≥ 1; null for all
 * @param open true for a group whose further members follow as {@link GroupAppend}
 * @param onMemberFailure of a group; null for the workflow's
 * @param onSuccess tasks to send when the node has succeeded; those of a {@link NodeKind#TASK} are in its task
 * @param onFailure tasks to send when the node has failed
 */
@JsonDeserialize(using = WorkflowNodeJson.Reader.class)
@JsonSerialize(using = WorkflowNodeJson.Writer.class)
public record WorkflowNode(
        NodeKind kind,
        @Nullable String name,
        @Nullable Signature task,
        List<WorkflowNode> nodes,
        List<JsonNode> items,
        int size,
        @Nullable Integer concurrency,
        boolean open,
        @Nullable MemberPolicy onMemberFailure,
        List<Signature> onSuccess,
        List<Signature> onFailure) {

    /** So many tasks of any size are never too much. */
    private static final int SMALL = 64;

    public WorkflowNode {
        var field = kind.word();
        if (name != null) {
            TaskRules.text("name", name, Limits.TASK_NAME);
        }
        nodes = TaskRules.list(field, nodes);
        items = ValueRules.list(field + ".items", items);
        onSuccess = Signature.steps("onSuccess", onSuccess);
        onFailure = Signature.steps("onFailure", onFailure);
        if ((kind == NodeKind.TASK || kind.hasItems()) && task == null) {
            throw new InvalidTaskException(kind == NodeKind.TASK ? "task" : field + ".task", "is required");
        }
        if (kind == NodeKind.CHORD && (nodes.size() != 2 || !nodes.get(0).kind().isGroup())) {
            throw new InvalidTaskException(field, "must have a header, which is a list of nodes, and a body");
        }
        if (kind == NodeKind.CHUNKS) {
            TaskRules.range(field + ".size", size, 1, Limits.WORKFLOW_MEMBERS);
        }
        if (kind == NodeKind.STARMAP || kind == NodeKind.CHUNKS) {
            requireArguments(field, items);
        }
        if (concurrency != null) {
            requireGroup(kind, "concurrency");
            TaskRules.range("concurrency", concurrency, 1, Limits.WORKFLOW_MEMBERS);
        }
        if (onMemberFailure != null) {
            requireGroup(kind, "onMemberFailure");
        }
        if (open && kind != NodeKind.GROUP) {
            throw new InvalidTaskException("open", "belongs to a group");
        }
        if (Math.max(nodes.size(), items.size()) > Limits.WORKFLOW_MEMBERS) {
            throw new InvalidTaskException(field, "must have at most " + Limits.WORKFLOW_MEMBERS + " members");
        }
        if (task != null && items.size() > SMALL) {
            requireRoom(field, task, items.size());
        }
    }

    /** Each item becomes a task with all that the node's task has. */
    private static void requireRoom(String field, Signature task, int items) {
        var bytes = (long) WireMapper.MAPPER.writeValueAsBytes(task).length * items;
        if (bytes > Limits.WORKFLOW_ITEM_BYTES) {
            throw new InvalidTaskException(
                    field,
                    "makes tasks of " + bytes + " bytes, and may make " + Limits.WORKFLOW_ITEM_BYTES
                            + ": the task stands in each of the " + items);
        }
    }

    private static void requireGroup(NodeKind kind, String field) {
        if (!kind.isGroup()) {
            throw new InvalidTaskException(field, "belongs to a group");
        }
    }

    private static void requireArguments(String field, List<JsonNode> items) {
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).isArray()) {
                throw new InvalidTaskException(field + ".items[" + i + "]", "must be a list of arguments");
            }
        }
    }

    /** One task. */
    public static WorkflowNode task(Signature task) {
        return new WorkflowNode(
                NodeKind.TASK, null, task, List.of(), List.of(), 0, null, false, null, List.of(), List.of());
    }

    /** Nodes that run one after another. */
    public static WorkflowNode chain(List<WorkflowNode> nodes) {
        return of(NodeKind.CHAIN, nodes);
    }

    /** Nodes that run at the same time. */
    public static WorkflowNode group(List<WorkflowNode> nodes) {
        return of(NodeKind.GROUP, nodes);
    }

    /**
     * A group and what gets its results.
     *
     * @param header a group
     */
    public static WorkflowNode chord(WorkflowNode header, WorkflowNode body) {
        return of(NodeKind.CHORD, List.of(header, body));
    }

    /** One task for each item. */
    public static WorkflowNode map(Signature task, List<JsonNode> items) {
        return of(NodeKind.MAP, task, items, 0);
    }

    /** One task for each list of arguments. */
    public static WorkflowNode starmap(Signature task, List<JsonNode> items) {
        return of(NodeKind.STARMAP, task, items, 0);
    }

    /**
     * Parts of a starmap.
     *
     * @param size items in a part, ≥ 1
     */
    public static WorkflowNode chunks(Signature task, List<JsonNode> items, int size) {
        return of(NodeKind.CHUNKS, task, items, size);
    }

    private static WorkflowNode of(NodeKind kind, List<WorkflowNode> nodes) {
        return new WorkflowNode(kind, null, null, nodes, List.of(), 0, null, false, null, List.of(), List.of());
    }

    private static WorkflowNode of(NodeKind kind, Signature task, List<JsonNode> items, int size) {
        return new WorkflowNode(kind, null, task, List.of(), items, size, null, false, null, List.of(), List.of());
    }

    public WorkflowNode named(@Nullable String newName) {
        return new WorkflowNode(
                kind, newName, task, nodes, items, size, concurrency, open, onMemberFailure, onSuccess, onFailure);
    }

    /** The same group with at most that many members running at the same time; null for all. */
    public WorkflowNode withConcurrency(@Nullable Integer most) {
        return new WorkflowNode(
                kind, name, task, nodes, items, size, most, open, onMemberFailure, onSuccess, onFailure);
    }

    /** The same group with a policy of its own. */
    public WorkflowNode onMemberFailure(@Nullable MemberPolicy policy) {
        return new WorkflowNode(kind, name, task, nodes, items, size, concurrency, open, policy, onSuccess, onFailure);
    }

    /** The same group, whose further members follow. */
    public WorkflowNode asOpen() {
        return new WorkflowNode(
                kind, name, task, nodes, items, size, concurrency, true, onMemberFailure, onSuccess, onFailure);
    }

    /** The same with these tasks to send at its end. Those of a {@link NodeKind#TASK} become its task's. */
    public WorkflowNode then(List<Signature> success, List<Signature> failure) {
        if (kind != NodeKind.TASK || task == null) {
            return new WorkflowNode(
                    kind, name, task, nodes, items, size, concurrency, open, onMemberFailure, success, failure);
        }
        var own = task.task().toBuilder().onSuccess(success).onFailure(failure).build();
        return task(new Signature(own, task.queue(), task.immutable())).named(name);
    }

    /** The number of children; for the kinds with items the number of parts or tasks. */
    public int children() {
        return switch (kind) {
            case TASK -> 0;
            case CHAIN, GROUP, CHORD -> nodes.size();
            case MAP, STARMAP -> items.size();
            case CHUNKS -> (items.size() + size - 1) / size;
        };
    }

    /** A child, from 0. Kinds with items make it from their task. */
    public WorkflowNode child(int index) {
        return switch (kind) {
            case TASK -> throw new IllegalStateException("a task has no children");
            case CHAIN, GROUP, CHORD -> nodes.get(index);
            case MAP -> item(List.of(items.get(index)));
            case STARMAP -> item(arguments(items.get(index)));
            case CHUNKS ->
                starmap(signature(), items.subList(index * size, Math.min(items.size(), (index + 1) * size)))
                        .withConcurrency(1)
                        .onMemberFailure(onMemberFailure);
        };
    }

    private WorkflowNode item(List<JsonNode> arguments) {
        var all = new ArrayList<>(arguments);
        all.addAll(signature().task().args());
        return task(new Signature(
                signature().task().toBuilder().args(all).build(),
                signature().queue(),
                signature().immutable()));
    }

    private Signature signature() {
        if (task == null) {
            throw new IllegalStateException("a " + kind.word() + " has no task");
        }
        return task;
    }

    private static List<JsonNode> arguments(JsonNode item) {
        return List.copyOf(item.values());
    }

    /** Levels of nodes, from 1. */
    public int depth() {
        var deepest = kind == NodeKind.CHUNKS ? 2 : kind.hasItems() ? 1 : 0;
        for (var node : nodes) {
            deepest = Math.max(deepest, node.depth());
        }
        return deepest + 1;
    }
}
