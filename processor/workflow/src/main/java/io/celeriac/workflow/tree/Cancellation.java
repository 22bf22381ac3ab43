package io.celeriac.workflow.tree;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ends what cannot matter any more: all that has not been sent below a node that has not succeeded. A task that was sent goes on, and its
 * end is counted. The children of a node are ended in several goes when they are many. Belongs to one thread.
 */
final class Cancellation {

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Values values;
    private final StatePublisher publisher;
    private final WorkBudget budget;

    Cancellation(
            WorkflowStore store,
            WorkflowOutlet outlet,
            InstantSource clock,
            Values values,
            StatePublisher publisher,
            WorkBudget budget) {
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
        this.values = values;
        this.publisher = publisher;
        this.budget = budget;
    }

    /** Ends all below an inner node that has ended, as soon as possible. */
    void cancelChildren(String id, String path) {
        var node = values.node(id, path);
        store.remove(Job.soon(Job.Kind.CLOSE_GROUP, id, path));
        if (node.children() > 0) {
            store.put(id, path, node.nextIs(0));
            store.put(Job.soon(Job.Kind.CANCEL, id, path));
        }
    }

    /** Goes on with it; returns whether all is done. */
    boolean work(String id, String path) {
        var node = store.node(id, path);
        if (node == null) {
            return true;
        }
        var reason = reason(id, path, node);
        var enough = budget.afterShare();
        while (node.next() < node.children()) {
            if (budget.left() <= enough) {
                return false;
            }
            budget.spend(1);
            store.put(id, path, node.nextIs(node.next() + 1));
            cancel(id, NodePath.child(path, node.next()), reason);
            node = values.node(id, path);
        }
        return true;
    }

    /** Ends children that come after their group has ended. A retry runs them. */
    void cancelFrom(String id, String path, int from) {
        var group = values.node(id, path);
        var reason = reason(id, path, group);
        for (int i = from; i < group.children(); i++) {
            cancel(id, NodePath.child(path, i), reason);
        }
    }

    /** Why the children of a node end; null when it is because of a command. */
    private static @Nullable TaskError reason(String id, String path, StoredNode node) {
        return node.state() == TaskState.FAILURE
                ? Records.parentFailed(WorkflowIds.ofNode(id, path))
                : node.error(); // its own parent's, or none
    }

    private void cancel(String id, String path, @Nullable TaskError reason) {
        var node = values.node(id, path);
        if (node.isTask()) {
            if (node.state() == TaskState.PENDING) {
                cancelTask(id, path, node, reason);
                countAtParent(id, path);
            }
        } else if (!node.state().isFinal()) {
            store.put(id, path, node.ended(TaskState.REVOKED, reason, false, clock.instant()));
            countAtParent(id, path);
            publisher.publish(id, path);
            cancelChildren(id, path);
        }
    }

    /**
     * Ends a task that has not been sent.
     *
     * @param reason null when it is because of a command
     */
    void cancelTask(String id, String path, StoredNode node, @Nullable TaskError reason) {
        var workflow = values.workflow(id);
        var now = clock.instant();
        store.remove(Job.soon(Job.Kind.START, id, path));
        var signature = Objects.requireNonNull(node.task(), path);
        var task = Records.task(workflow, path, signature, values.groupId(id, path), null, now);
        outlet.publish(Records.unsent(
                task,
                Records.queue(workflow, signature),
                TaskState.REVOKED,
                reason == null ? RevokeReason.REVOKED : RevokeReason.PARENT_FAILED,
                reason,
                now));
        store.put(id, path, node.started(workflow.run(), now).ended(TaskState.REVOKED, reason, false, now));
        store.put(workflow.taskEnded(TaskState.REVOKED, false));
    }

    private void countAtParent(String id, String path) {
        var parent = NodePath.parent(path);
        if (parent != null) {
            store.put(id, parent, values.node(id, parent).childEnded(false));
            publisher.note(id, parent);
        }
    }
}
