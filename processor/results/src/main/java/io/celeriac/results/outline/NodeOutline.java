package io.celeriac.results.outline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.WorkflowNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of a workflow without arguments, so that no secret of a task is stored with the tree.
 *
 * @param kind of the node
 * @param name as submitted; null for none
 * @param task name of the task, for a task and for the kinds with items; otherwise null
 * @param queue that the task names; null for none
 * @param nodes of a chain, a group or a chord
 * @param items number of items; 0 for the kinds without
 * @param size items in a part; 0 for the kinds without parts
 * @param concurrency most members that run at the same time; null for all
 * @param open whether further members may follow
 * @param onMemberFailure of the group; null for the workflow's
 * @param onSuccess names of the tasks that are sent at its success
 * @param onFailure names of the tasks that are sent at its failure
 */
@JsonInclude(Include.NON_EMPTY)
public record NodeOutline(
        NodeKind kind,
        @Nullable String name,
        @Nullable String task,
        @Nullable String queue,
        @Nullable List<NodeOutline> nodes,
        @JsonInclude(Include.NON_DEFAULT) int items,
        @JsonInclude(Include.NON_DEFAULT) int size,
        @Nullable Integer concurrency,
        @JsonInclude(Include.NON_DEFAULT) boolean open,
        @Nullable MemberPolicy onMemberFailure,
        @Nullable List<String> onSuccess,
        @Nullable List<String> onFailure) {

    public NodeOutline {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
        onSuccess = onSuccess == null ? List.of() : List.copyOf(onSuccess);
        onFailure = onFailure == null ? List.of() : List.copyOf(onFailure);
    }

    /** The outline of a tree. */
    public static NodeOutline of(WorkflowNode node) {
        var signature = node.task();
        var steps = node.kind() == NodeKind.TASK ? signature : null;
        return new NodeOutline(
                node.kind(),
                node.name(),
                signature == null ? null : signature.task().task(),
                signature == null ? null : signature.queue(),
                node.nodes().stream().map(NodeOutline::of).toList(),
                node.items().size(),
                node.size(),
                node.concurrency(),
                node.open(),
                node.onMemberFailure(),
                names(steps == null ? node.onSuccess() : steps.task().onSuccess()),
                names(steps == null ? node.onFailure() : steps.task().onFailure()));
    }

    private static List<String> names(List<Signature> steps) {
        return steps.stream().map(step -> step.task().task()).toList();
    }

    /** One task of this name. */
    static NodeOutline task(@Nullable String task, @Nullable String queue) {
        return of(NodeKind.TASK, task, queue, 0, null);
    }

    private static NodeOutline of(
            NodeKind kind, @Nullable String task, @Nullable String queue, int items, @Nullable Integer concurrency) {
        return new NodeOutline(kind, null, task, queue, null, items, 0, concurrency, false, null, null, null);
    }

    /** The number of children that were submitted with the tree. */
    public int children() {
        return switch (kind) {
            case TASK -> 0;
            case CHAIN, GROUP, CHORD -> nodes().size();
            case MAP, STARMAP -> items;
            case CHUNKS -> size < 1 ? 0 : (items + size - 1) / size;
        };
    }

    /** A child; empty for one that was not submitted with the tree. */
    public Optional<NodeOutline> child(int index) {
        if (index < 0 || index >= children()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (kind) {
                    case TASK -> throw new IllegalStateException("a task has no children");
                    case CHAIN, GROUP, CHORD -> nodes().get(index);
                    case MAP, STARMAP -> task(task, queue);
                    case CHUNKS -> of(NodeKind.STARMAP, task, queue, Math.min(size, items - index * size), 1);
                });
    }

    /** The node at a path below this root; empty for one that was not submitted with the tree. */
    public Optional<NodeOutline> at(String path) {
        var parent = NodePath.parent(path);
        return parent == null ? Optional.of(this) : at(parent).flatMap(node -> node.child(NodePath.index(path)));
    }

    /** The column's value. */
    public String json() {
        return TaskJson.MAPPER.writeValueAsString(this);
    }

    /** Reads what {@link #json()} wrote. */
    public static NodeOutline read(String json) {
        return TaskJson.MAPPER.readValue(json, NodeOutline.class);
    }

    @Override
    public List<NodeOutline> nodes() {
        return nodes == null ? List.of() : nodes;
    }

    @Override
    public List<String> onSuccess() {
        return onSuccess == null ? List.of() : onSuccess;
    }

    @Override
    public List<String> onFailure() {
        return onFailure == null ? List.of() : onFailure;
    }
}
