package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupReference;
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

    /** Bytes of a list that a task gets in its record. A larger one is written to a topic. */
    private static final long MOST_PASSED = 256 * 1024;

    private static final Value NOTHING = Value.of(JsonNodeFactory.instance.nullNode(), false);

    /** What the members of a group get is the same for all; it is put together once for those that start in one go. */
    private record Remembered(String workflow, String path, Value value) {}

    private final WorkflowStore store;
    private @Nullable Remembered remembered;

    /**
     * @param store of the workflows
     */
    Values(WorkflowStore store) {
        this.store = store;
    }

    /**
     * A value that is passed on.
     *
     * @param json null in JSON for a task without result; null when it has a list that is too large to be passed on
     * @param secret whether a part of it is secret
     * @param bytes that it has at least
     * @param size entries of a list; otherwise 0
     * @param group path of the group whose list it is, or that has the list that is too large; null for none
     */
    record Value(
            @Nullable JsonNode json,
            boolean secret,
            long bytes,
            int size,
            @Nullable String group) {

        static Value of(JsonNode json, boolean secret) {
            return new Value(json, secret, atLeast(json), 0, null);
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
            remembered = new Remembered(workflow, path, value(workflow, path, MOST_PASSED));
        }
        return remembered.value;
    }

    /** The value of a node that has succeeded, as a task gets it. */
    Value passed(String workflow, String path) {
        return value(workflow, path, MOST_PASSED);
    }

    /**
     * The value of a node that has succeeded.
     *
     * @param most bytes of a list; what is larger is not put together
     */
    Value value(String workflow, String path, long most) {
        var at = path;
        for (var node = node(workflow, at); ; node = node(workflow, at)) {
            if (node.isTask()) {
                var result = store.result(workflow, at);
                return result == null ? NOTHING : Value.of(result, node.secret());
            }
            if (node.kind().isGroup()) {
                return list(workflow, at, node, most);
            }
            if (node.children() == 0) {
                var before = input(workflow, at);
                return before == null ? NOTHING : before;
            }
            at = NodePath.child(at, node.children() - 1);
        }
    }

    private Value list(String workflow, String path, StoredNode group, long most) {
        var written = store.list(workflow, path);
        if (written != null && written.complete()) {
            var reference = new GroupReference(
                    WorkflowIds.ofNode(workflow, path), group.children(), workflow, path, written.since());
            return Value.of(TaskJson.tree(reference), written.secret());
        }
        var list = JsonNodeFactory.instance.arrayNode();
        var secret = false;
        long bytes = 2;
        for (int i = 0; i < group.children(); i++) {
            var value = member(workflow, path, group, i);
            secret |= value.secret;
            bytes += value.bytes + 1;
            if (value.json == null || bytes > most) {
                var tooLarge = value.json == null ? value.group : path;
                return new Value(null, secret, bytes, group.children(), tooLarge);
            }
            list.add(value.json);
        }
        return new Value(list, secret, bytes, group.children(), path);
    }

    /** The entry of a member in the list of its group. */
    Value member(String workflow, String path, StoredNode group, int index) {
        var child = NodePath.child(path, index);
        var node = node(workflow, child);
        var value = node.state() == TaskState.SUCCESS ? passed(workflow, child) : NOTHING;
        if (value.json == null || policy(workflow, group) != MemberPolicy.KEEP_GOING) {
            return value;
        }
        var result = node.state() == TaskState.SUCCESS ? value.json : null;
        return Value.of(TaskJson.tree(new MemberOutcome(node.state(), result, node.error())), value.secret);
    }

    /** The least bytes that a value has as JSON: cheaper to tell than by writing it. */
    private static long atLeast(JsonNode json) {
        if (json.isString()) {
            return 2L + json.stringValue().length();
        }
        long bytes = json.isContainer() ? 2 : 1;
        for (var entry : json.properties()) {
            bytes += 3L + entry.getKey().length() + atLeast(entry.getValue());
        }
        if (json.isArray()) {
            for (var value : json) {
                bytes += 1 + atLeast(value);
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
