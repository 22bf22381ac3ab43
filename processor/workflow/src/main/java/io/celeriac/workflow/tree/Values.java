package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskState;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.workflow.MemberOutcome;
import io.celeriac.contract.workflow.MemberPolicy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What nodes get and give. Only results of tasks are stored; what an inner node gives is put together when somebody asks.
 *
 * @param store of the workflows
 */
record Values(WorkflowStore store) {

    /**
     * A value that is passed on.
     *
     * @param json null in JSON for a task without result
     * @param secret whether a part of it is secret
     */
    record Value(JsonNode json, boolean secret) {}

    /**
     * What a node gets from the node before it: in a chain the value of its predecessor, and otherwise what its parent gets.
     *
     * @return null when there is nothing before it
     */
    @Nullable
    Value input(String workflow, String path) {
        for (var at = path; ; ) {
            var parent = NodePath.parent(at);
            if (parent == null) {
                return null;
            }
            var index = NodePath.index(at);
            if (index > 0 && !node(workflow, parent).kind().isGroup()) {
                return value(workflow, NodePath.child(parent, index - 1));
            }
            at = parent;
        }
    }

    /** The value of a node that has succeeded. */
    Value value(String workflow, String path) {
        var at = path;
        for (var node = node(workflow, at); ; node = node(workflow, at)) {
            if (node.isTask()) {
                var result = store.result(workflow, at);
                return new Value(result == null ? JsonNodeFactory.instance.nullNode() : result, node.secret());
            }
            if (node.kind().isGroup()) {
                return list(workflow, at, node);
            }
            if (node.children() == 0) {
                var before = input(workflow, at);
                return before == null ? new Value(JsonNodeFactory.instance.nullNode(), false) : before;
            }
            at = NodePath.child(at, node.children() - 1);
        }
    }

    private Value list(String workflow, String path, StoredNode group) {
        var list = JsonNodeFactory.instance.arrayNode(group.children());
        var outcomes = policy(workflow, group) == MemberPolicy.KEEP_GOING;
        var secret = false;
        for (int i = 0; i < group.children(); i++) {
            var child = NodePath.child(path, i);
            var node = node(workflow, child);
            var value = node.state() == TaskState.SUCCESS ? value(workflow, child) : null;
            secret |= value != null && value.secret;
            if (outcomes) {
                list.add(TaskJson.tree(
                        new MemberOutcome(node.state(), value == null ? null : value.json, node.error())));
            } else {
                list.add(value == null ? JsonNodeFactory.instance.nullNode() : value.json);
            }
        }
        return new Value(list, secret);
    }

    MemberPolicy policy(String workflow, StoredNode group) {
        return group.onMemberFailure() != null
                ? group.onMemberFailure()
                : Objects.requireNonNull(store.workflow(workflow), workflow).policy();
    }

    StoredNode node(String workflow, String path) {
        return Objects.requireNonNull(store.node(workflow, path), () -> workflow + "/" + path);
    }
}
