package io.celeriac.workflow.tree;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.workflow.tree.Values.Value;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Absent;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Pending;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends the tasks of nodes and of their callbacks. Belongs to one thread. */
final class TaskDispatch {

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Values values;
    private final WorkBudget budget;
    private final int maxTaskBytes;

    TaskDispatch(
            WorkflowStore store,
            WorkflowOutlet outlet,
            InstantSource clock,
            Values values,
            WorkBudget budget,
            int maxTaskBytes) {
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
        this.values = values;
        this.budget = budget;
        this.maxTaskBytes = maxTaskBytes;
    }

    /**
     * Sends the task of a node, or puts it off until its queue is known.
     *
     * @return why it cannot be sent, which was published; null when nothing is wrong
     */
    @Nullable
    TaskError send(String id, String path, StoredNode node) {
        var workflow = values.workflow(id);
        var signature = Objects.requireNonNull(node.task(), path);
        var queue = Records.queue(workflow, signature);
        var answer = outlet.queue(queue);
        if (answer instanceof Pending) {
            store.put(Job.soon(Job.Kind.START, id, path));
            return null;
        }
        var now = clock.instant();
        var input = signature.immutable() ? null : values.input(id, path);
        Task task;
        TaskError error = answer instanceof Absent absent ? Records.error("UnknownQueue", absent.why()) : null;
        try {
            error = error == null ? tooLarge(input) : error;
            task = Records.task(workflow, path, signature, values.groupId(id, path), error == null ? input : null, now);
            error = error == null ? tooLarge(task) : error;
        } catch (InvalidTaskException e) { // what it gets is nested too deep
            task = Records.task(workflow, path, signature, values.groupId(id, path), null, now);
            error = Records.error("InvalidArguments", String.valueOf(e.getMessage()));
        }
        if (error != null) {
            outlet.publish(Records.unsent(task, queue, TaskState.FAILURE, null, error, now));
            return error;
        }
        store.put(id, path, node.started(workflow.run(), now));
        store.put(workflow.sent());
        outlet.send(queue, task, workflow.trace(), input != null && input.secret());
        return null;
    }

    /** A list is not put together past the size that a task may have. */
    private static @Nullable TaskError tooLarge(@Nullable Value input) {
        return input == null || input.json() != null
                ? null
                : Records.error(
                        "TooLarge",
                        "the list of " + input.size() + " results that the task gets does not fit its record");
    }

    private @Nullable TaskError tooLarge(Task task) {
        var bytes = Records.size(task);
        budget.spendBytes(bytes);
        return bytes <= maxTaskBytes
                ? null
                : Records.error(
                        "TooLarge",
                        "the task's record has " + bytes + " bytes with the result that it gets, and more than "
                                + maxTaskBytes + " cannot be kept");
    }

    /** Sends the tasks that a node has for its end. */
    void callBack(String id, String path) {
        var node = values.node(id, path);
        var workflow = values.workflow(id);
        var signatures = Records.callbacks(workflow, node);
        if (signatures.isEmpty()) {
            return;
        }
        for (var signature : signatures) {
            if (outlet.queue(Records.queue(workflow, signature)) instanceof Pending) {
                store.put(Job.soon(Job.Kind.CALL_BACK, id, path));
                return;
            }
        }
        var value = node.state() == TaskState.SUCCESS ? values.value(id, path) : null;
        var relation = value == null ? "failure" : "success";
        if (value == null) {
            var failure = Records.failure(workflow, path, node, Objects.requireNonNull(node.error(), "error"));
            value = new Value(failure, false, 0, 0);
        }
        for (int i = 0; i < signatures.size(); i++) {
            send(workflow, path, signatures.get(i), relation, i, value);
        }
    }

    /** Sends a callback. One that cannot be sent fails by itself; the node has ended all the same. */
    private void send(
            StoredWorkflow workflow, String path, Signature signature, String relation, int index, Value argument) {
        var now = clock.instant();
        var queue = Records.queue(workflow, signature);
        Task task;
        TaskError error =
                outlet.queue(queue) instanceof Absent absent ? Records.error("UnknownQueue", absent.why()) : null;
        try {
            error = error == null && !signature.immutable() ? tooLarge(argument) : error;
            task = Records.callback(workflow, path, signature, relation, index, argument.json(), now);
            error = error == null ? tooLarge(task) : error;
        } catch (InvalidTaskException e) {
            task = Records.callback(workflow, path, signature, relation, index, null, now);
            error = Records.error("InvalidArguments", String.valueOf(e.getMessage()));
        }
        if (error == null) {
            outlet.send(queue, task, workflow.trace(), argument.secret() && !signature.immutable());
        } else {
            outlet.publish(Records.unsent(task, queue, TaskState.FAILURE, null, error, now));
        }
    }
}
