package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.MemberOutcome;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.WorkflowIds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What nodes get and give. Only results of tasks are stored; what an inner node gives is put together when somebody asks. Belongs to one
 * thread.
 */
final class Values {

    private static final Value NOTHING = new Value(JsonNodeFactory.instance.nullNode(), false, 4, 0);

    /** What the members of a group get is the same for all; it is put together once for those that start in one go. */
    private record Remembered(String workflow, String path, Value value) {}

    private final WorkflowStore store;
    private final int most;
    private @Nullable Remembered remembered;

    /**
     * @param store of the workflows
     * @param most bytes of a value that somebody can get; what is larger is not put together
     */
    Values(WorkflowStore store, int most) {
        this.store = store;
        this.most = most;
    }

    /**
     * A value that is passed on.
     *
     * @param json null in JSON for a task without result; null when it is too large to be passed on
     * @param secret whether a part of it is secret
     * @param bytes that it has at least
     * @param size entries of a list; otherwise 0
     */
    record Value(@Nullable JsonNode json, boolean secret, long bytes, int size) {

        private static Value tooLarge(boolean secret, long bytes, int size) {
            return new Value(null, secret, bytes, size);
        }
    }

    /** Forgets what was put together, as it may have changed. */
    void forget() {
        remembered = null;
    }

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
                return remembered(workflow, NodePath.child(parent, index - 1));
            }
            at = parent;
        }
    }

    private Value remembered(String workflow, String path) {
        if (remembered == null || !remembered.workflow.equals(workflow) || !remembered.path.equals(path)) {
            remembered = new Remembered(workflow, path, value(workflow, path));
        }
        return remembered.value;
    }

    /** The value of a node that has succeeded. */
    Value value(String workflow, String path) {
        var at = path;
        for (var node = node(workflow, at); ; node = node(workflow, at)) {
            if (node.isTask()) {
                var result = store.result(workflow, at);
                return result == null ? NOTHING : new Value(result, node.secret(), bytes(result), 0);
            }
            if (node.kind().isGroup()) {
                return list(workflow, at, node);
            }
            if (node.children() == 0) {
                var before = input(workflow, at);
                return before == null ? NOTHING : before;
            }
            at = NodePath.child(at, node.children() - 1);
        }
    }

    private Value list(String workflow, String path, StoredNode group) {
        var list = JsonNodeFactory.instance.arrayNode();
        var outcomes = policy(workflow, group) == MemberPolicy.KEEP_GOING;
        var secret = false;
        long bytes = 2;
        for (int i = 0; i < group.children(); i++) {
            var child = NodePath.child(path, i);
            var node = node(workflow, child);
            var value = node.state() == TaskState.SUCCESS ? value(workflow, child) : NOTHING;
            secret |= value.secret;
            bytes += value.bytes + 1;
            if (value.json == null || bytes > most) {
                return Value.tooLarge(secret, bytes, group.children());
            }
            if (outcomes) {
                var result = node.state() == TaskState.SUCCESS ? value.json : null;
                list.add(TaskJson.tree(new MemberOutcome(node.state(), result, node.error())));
            } else {
                list.add(value.json);
            }
        }
        return new Value(list, secret, bytes, group.children());
    }

    /** The least bytes that a value has as JSON: cheaper to tell than by writing it. */
    private static long bytes(JsonNode json) {
        if (json.isString()) {
            return 2L + json.stringValue().length();
        }
        long bytes = json.isContainer() ? 2 : 1;
        for (var entry : json.properties()) {
            bytes += 3L + entry.getKey().length() + bytes(entry.getValue());
        }
        if (json.isArray()) {
            for (var value : json) {
                bytes += 1 + bytes(value);
            }
        }
        return bytes;
    }

    MemberPolicy policy(String workflow, StoredNode group) {
        return group.onMemberFailure() != null
                ? group.onMemberFailure()
                : workflow(workflow).policy();
    }

    /** A workflow that is there. */
    StoredWorkflow workflow(String id) {
        return Objects.requireNonNull(store.workflow(id), id);
    }

    /** Id of the nearest group above a node; the workflow's own when there is none. */
    String groupId(String id, String path) {
        for (var parent = NodePath.parent(path); parent != null; parent = NodePath.parent(parent)) {
            if (node(id, parent).kind().isGroup()) {
                return WorkflowIds.ofNode(id, parent);
            }
        }
        return id;
    }

    /** Whether a node above this one has ended, so that this one is about to be cancelled or was. */
    boolean isCancelled(String id, String path) {
        for (var parent = NodePath.parent(path); parent != null; parent = NodePath.parent(parent)) {
            if (node(id, parent).state().isFinal()) {
                return true;
            }
        }
        return false;
    }

    /** A node that is there. */
    StoredNode node(String workflow, String path) {
        return Objects.requireNonNull(store.node(workflow, path), () -> workflow + "/" + path);
    }
}
