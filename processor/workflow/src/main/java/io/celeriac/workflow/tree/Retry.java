package io.celeriac.workflow.tree;

import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.util.ArrayDeque;

/** Runs again what has not succeeded of a workflow. Belongs to one thread. */
final class Retry {

    private final WorkflowStore store;
    private final Values values;
    private final NodeLifecycle nodes;
    private final StatePublisher publisher;

    Retry(WorkflowStore store, Values values, NodeLifecycle nodes, StatePublisher publisher) {
        this.store = store;
        this.values = values;
        this.nodes = nodes;
        this.publisher = publisher;
    }

    /** Begins a retry, or puts it off until the last run is done: its callbacks are sent, and its members are cancelled. */
    void begin(StoredWorkflow workflow) {
        if (isLastRunDone(workflow.id())) {
            retry(workflow);
        } else {
            store.put(Job.soon(Job.Kind.RETRY, workflow.id(), NodePath.ROOT));
        }
    }

    boolean isLastRunDone(String id) {
        return !store.isLeft(Job.Kind.CALL_BACK, id) && !store.isLeft(Job.Kind.CANCEL, id);
    }

    void retry(StoredWorkflow workflow) {
        var id = workflow.id();
        values.forget();
        if (!workflow.state().isFinal() || workflow.state() == TaskState.SUCCESS) {
            return;
        }
        store.remove(Job.soon(Job.Kind.DELETE, id, NodePath.ROOT));
        store.put(workflow.retried());
        reset(id, NodePath.ROOT);
        var root = values.node(id, NodePath.ROOT);
        if (root.state().isFinal()) { // a task that went on when the workflow was revoked, and has succeeded
            nodes.endRoot(id, NodePath.ROOT, root);
        } else {
            publisher.publish(id);
            nodes.start(NodePath.ROOT);
        }
        nodes.proceed(id);
    }

    /** Makes everything below a node that has not succeeded ready to run again. Tasks that still run go on. */
    private void reset(String id, String root) {
        record Visit(String path, boolean isSecond) {}
        var left = new ArrayDeque<Visit>();
        left.push(new Visit(root, false));
        while (!left.isEmpty()) {
            var visit = left.pop();
            var node = values.node(id, visit.path());
            if (node.state() == TaskState.SUCCESS) {
                continue;
            }
            if (node.isTask()) {
                resetTask(id, visit.path(), node);
            } else if (visit.isSecond()) {
                resetInner(id, visit.path(), node);
            } else {
                left.push(new Visit(visit.path(), true));
                for (int i = 0; i < node.children(); i++) {
                    left.push(new Visit(NodePath.child(visit.path(), i), false));
                }
            }
        }
    }

    private void resetTask(String id, String path, StoredNode node) {
        if (node.state().isFinal()) {
            store.put(values.workflow(id).taskReset(node.state()));
            store.put(id, path, node.reset(0, 0));
        }
    }

    private void resetInner(String id, String path, StoredNode node) {
        int running = 0;
        int ended = 0;
        for (int i = 0; i < node.children(); i++) {
            var state = values.node(id, NodePath.child(path, i)).state();
            running += state == TaskState.STARTED ? 1 : 0;
            ended += state == TaskState.SUCCESS ? 1 : 0;
        }
        store.put(id, path, node.reset(running, ended));
        publisher.note(id, path);
    }

    /** A task of an earlier run, which a retry has left to go on, has not succeeded: the retry is for it, too. */
    boolean mayRunAgain(String id, String path, StoredNode node) {
        var workflow = values.workflow(id);
        return node.run() < workflow.run() && !workflow.state().isFinal() && !values.isCancelled(id, path);
    }

    void runAgain(String id, String path, StoredNode node) {
        store.put(values.workflow(id).stopped());
        store.put(id, path, node.reset(0, 0));
        var parentPath = NodePath.parent(path);
        var parent = parentPath == null ? null : values.node(id, parentPath);
        if (parentPath != null && parent != null && parent.state() == TaskState.PENDING) {
            store.put(id, parentPath, parent.childStopped()); // it starts its children when it starts
        } else {
            nodes.start(path);
        }
    }
}
