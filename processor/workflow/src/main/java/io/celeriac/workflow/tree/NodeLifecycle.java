package io.celeriac.workflow.tree;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import io.celeriac.workflow.tree.Workflows.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Starts nodes and ends them. A chain ends with its last node or the first that does not succeed. A group ends with its last member, or
 * with the first that does not succeed if its policy says so.
 *
 * <p>Starts and ends are a queue of steps that {@link #proceed} works off, so that neither the depth nor the length of a tree needs stack.
 * Belongs to one thread.
 */
final class NodeLifecycle {

    /** How long a workflow is kept that has ended, and some of whose tasks never tell an end. */
    private static final Duration KEEP_WAITING = Duration.ofDays(31);

    /** A step: a node is to start, or has ended. */
    private record Step(boolean starts, String path) {}

    private final WorkflowStore store;
    private final InstantSource clock;
    private final Settings settings;
    private final Values values;
    private final WorkBudget budget;
    private final TaskDispatch dispatch;
    private final Cancellation cancellation;
    private final StatePublisher publisher;
    private final Deque<Step> steps = new ArrayDeque<>();

    NodeLifecycle(
            WorkflowStore store,
            InstantSource clock,
            Settings settings,
            Values values,
            WorkBudget budget,
            TaskDispatch dispatch,
            Cancellation cancellation,
            StatePublisher publisher) {
        this.store = store;
        this.clock = clock;
        this.settings = settings;
        this.values = values;
        this.budget = budget;
        this.dispatch = dispatch;
        this.cancellation = cancellation;
        this.publisher = publisher;
    }

    /** Forgets the steps of a call that has failed; otherwise the next call would take them for its own. */
    void discard() {
        steps.clear();
    }

    /** A node is to start with the next {@link #proceed}. */
    void start(String path) {
        steps.add(new Step(true, path));
    }

    /** Works off the steps of a workflow. */
    void proceed(String id) {
        for (var step = steps.poll(); step != null; step = steps.poll()) {
            if (step.starts()) {
                startNow(id, step.path());
            } else {
                tellParent(id, step.path());
            }
        }
        settle(id);
    }

    private void startNow(String id, String path) {
        var node = values.node(id, path);
        if (node.state() != TaskState.PENDING || values.isCancelled(id, path)) {
            return;
        }
        if (node.isTask()) {
            startTask(id, path, node);
            return;
        }
        var started = node.started(values.workflow(id).run(), clock.instant());
        store.put(id, path, started);
        publisher.publish(id, path);
        if (node.kind().isGroup()) {
            startGroup(id, path, started);
        } else {
            goOn(id, path, started);
        }
    }

    private void startTask(String id, String path, StoredNode node) {
        var error = dispatch.send(id, path, node);
        if (error != null) {
            var started = node.started(values.workflow(id).run(), clock.instant());
            endTask(id, path, started, TaskState.FAILURE, error, false, false);
            dispatch.callBack(id, path); // no worker does it
        } else if (values.node(id, path).state() == TaskState.STARTED) {
            var parent = NodePath.parent(path);
            if (parent != null) {
                publisher.note(id, parent); // one more is under way
            }
        }
    }

    private void startGroup(String id, String path, StoredNode group) {
        if (group.failed() > 0 && values.policy(id, group) == MemberPolicy.FAIL_GROUP) {
            failBecauseOf(id, path, firstFailed(id, path, group)); // a task of an earlier run has failed meanwhile
            return;
        }
        if (group.open()) {
            awaitMembers(id, path);
        }
        startMembersSoon(id, path);
        endIfWhole(id, path);
    }

    private String firstFailed(String id, String path, StoredNode group) {
        for (int i = 0; i < group.children(); i++) {
            var child = NodePath.child(path, i);
            var state = values.node(id, child).state();
            if (state.isFinal() && state != TaskState.SUCCESS) {
                return child;
            }
        }
        throw new IllegalStateException(id + "/" + path + " counts a failed member and has none");
    }

    /** Goes on with a chain at its first node that has not succeeded. */
    private void goOn(String id, String path, StoredNode chain) {
        for (int i = chain.next(); i < chain.children(); i++) {
            var child = NodePath.child(path, i);
            var state = values.node(id, child).state();
            if (state == TaskState.SUCCESS) {
                continue;
            }
            store.put(id, path, chain.nextIs(i));
            if (state == TaskState.PENDING) {
                start(child);
            } else if (state.isFinal()) {
                failBecauseOf(id, path, child);
            }
            return; // a task that still runs from an earlier run is waited for
        }
        end(id, path, TaskState.SUCCESS, null);
    }

    void startMembersSoon(String id, String path) {
        var group = values.node(id, path);
        if (group.mayStartNext()) {
            store.put(Job.soon(Job.Kind.START_MEMBERS, id, path));
        }
    }

    /** Starts members of a group, as many as the budget allows. Returns whether it is done for now. */
    boolean startMembers(String id, String path) {
        var group = store.node(id, path);
        var enough = budget.afterShare();
        while (group != null && mayStartNext(id, path, group)) {
            if (budget.left() <= enough) {
                return false;
            }
            budget.spend(1);
            var child = NodePath.child(path, group.next());
            var isNew = values.node(id, child).state() == TaskState.PENDING;
            store.put(id, path, group.nextStarted(isNew));
            if (isNew) {
                start(child);
                proceed(id);
            }
            group = store.node(id, path);
        }
        return true;
    }

    boolean mayStartNext(String id, String path, StoredNode group) {
        return group.mayStartNext() && !values.isCancelled(id, path);
    }

    void endTask(
            String id,
            String path,
            StoredNode node,
            TaskState state,
            @Nullable TaskError error,
            boolean secret,
            boolean wasSent) {
        store.put(id, path, node.ended(state, error, secret, clock.instant()));
        store.put(values.workflow(id).taskEnded(state, wasSent));
        steps.add(new Step(false, path));
    }

    private void tellParent(String id, String path) {
        var child = values.node(id, path);
        var succeeded = child.state() == TaskState.SUCCESS;
        var parentPath = NodePath.parent(path);
        if (parentPath == null) {
            endRoot(id, path, child);
            return;
        }
        var parent = values.node(id, parentPath).childEnded(succeeded);
        store.put(id, parentPath, parent);
        publisher.note(id, parentPath);
        if (parent.state() != TaskState.STARTED) {
            return; // it was decided before, or has still to start again
        }
        if (!parent.kind().isGroup()) {
            if (succeeded) {
                goOn(id, parentPath, parent);
            } else {
                failBecauseOf(id, parentPath, path);
            }
        } else if (!succeeded && values.policy(id, parent) == MemberPolicy.FAIL_GROUP) {
            failBecauseOf(id, parentPath, path);
        } else {
            startMembersSoon(id, parentPath);
            endIfWhole(id, parentPath);
        }
    }

    /** A root that is a task has no one to end it. */
    void endRoot(String id, String path, StoredNode root) {
        var workflow = values.workflow(id);
        if (workflow.state().isFinal()) {
            return;
        }
        store.put(workflow.ended(root.state(), root.error(), clock.instant()));
        if (!root.isTask()) {
            publisher.publish(id, path);
        }
        publisher.publish(id);
    }

    void endIfWhole(String id, String path) {
        var group = values.node(id, path);
        if (group.state() == TaskState.STARTED && group.isWhole()) {
            end(id, path, TaskState.SUCCESS, null);
        }
    }

    private void failBecauseOf(String id, String path, String child) {
        var cause = values.node(id, child);
        fail(id, path, Records.because(cause, child, Records.id(id, child, cause)));
    }

    void fail(String id, String path, TaskError error) {
        end(id, path, TaskState.FAILURE, error);
    }

    /** Ends an inner node, or the root: cancels what has not been sent below it, sends its callbacks and tells its parent. */
    void end(String id, String path, TaskState state, @Nullable TaskError error) {
        var node = values.node(id, path);
        if (node.state().isFinal() || values.isCancelled(id, path)) {
            return;
        }
        var now = clock.instant();
        if (node.isTask()) { // the root is a task, and is revoked: if it was sent, its worker ends it
            if (node.state() == TaskState.PENDING) {
                cancellation.cancelTask(id, path, node, null);
            }
            store.put(values.workflow(id).ended(state, error, now));
            publisher.publish(id);
            return;
        }
        store.remove(Job.soon(Job.Kind.CLOSE_GROUP, id, path));
        store.put(id, path, node.ended(state, error, false, now));
        if (state != TaskState.SUCCESS) {
            cancellation.cancelChildren(id, path);
        }
        if (!Records.isRoot(path)) {
            publisher.publish(id, path);
        }
        dispatch.callBack(id, path);
        steps.add(new Step(false, path));
    }

    /** Forgets a workflow when its last task has ended: its nodes at once if they cannot be needed for a retry, all of it later. */
    void settle(String id) {
        var workflow = store.workflow(id);
        if (workflow == null || !workflow.state().isFinal()) {
            return;
        }
        if (workflow.running() > 0) {
            keepLong(id);
            return;
        }
        publisher.publishChanges(id);
        if (workflow.state() == TaskState.SUCCESS) {
            store.put(Job.soon(Job.Kind.DELETE_NODES, id, NodePath.ROOT));
        }
        store.put(new Job(Job.Kind.DELETE, id, NodePath.ROOT, later(settings.keep())));
    }

    /** Keeps a workflow for tasks of it that may still tell their end. */
    void keepLong(String id) {
        store.put(new Job(Job.Kind.DELETE, id, NodePath.ROOT, later(KEEP_WAITING)));
    }

    private Instant later(Duration delay) {
        return clock.instant().plus(delay);
    }

    void awaitMembers(String id, String path) {
        store.put(new Job(Job.Kind.CLOSE_GROUP, id, path, later(settings.appendTimeout())));
    }
}
