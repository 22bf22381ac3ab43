package io.celeriac.workflow.tree;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.workflow.tree.Values.Value;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Absent;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Pending;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Sends the tasks of nodes and of their callbacks. Belongs to one thread. */
final class TaskDispatch {

    private static final String TOO_LARGE = "TooLarge";

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Values values;
    private final WorkBudget budget;
    private final int maxTaskBytes;
    private final Map<String, Queue> answers = new HashMap<>(); // by the queue of a callback that is not sent yet

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
     * A task that is to be sent.
     *
     * @param error why it cannot be sent; null when nothing is wrong
     */
    private record Prepared(
            Task task, String queue, @Nullable TaskError error) {}

    /**
     * Sends the task of a node, or puts it off until its queue is known and its list is written.
     *
     * @return why it cannot be sent, which was published; null when nothing is wrong
     */
    @Nullable
    TaskError send(String id, String path, StoredNode node) {
        var workflow = values.workflow(id);
        var signature = Objects.requireNonNull(node.task(), path);
        var queue = Records.queue(workflow, signature);
        var again = Job.soon(Job.Kind.START, id, path);
        var answer = outlet.queue(queue);
        if (answer instanceof Pending || (!signature.immutable() && store.isLeft(Job.Kind.WRITE_LIST, id))) {
            store.put(again);
            return null;
        }
        var now = clock.instant();
        var input = signature.immutable() ? null : values.input(id, path);
        var group = values.groupId(id, path);
        var prepared =
                prepared(queue, answer, input, given -> Records.task(workflow, path, signature, group, given, now));
        if (needsList(id, input, prepared)) {
            store.put(again);
            return null;
        }
        if (prepared.error != null) {
            outlet.publish(Records.unsent(prepared.task, queue, TaskState.FAILURE, null, prepared.error, now));
            return prepared.error;
        }
        store.put(id, path, node.started(workflow.run(), now));
        store.put(workflow.sent());
        outlet.send(queue, prepared.task, workflow.trace(), input != null && input.secret());
        return null;
    }

    /** @param maker makes the task with what it gets, or with nothing */
    private Prepared prepared(
            String queue, Queue answer, @Nullable Value input, Function<@Nullable JsonNode, Task> maker) {
        if (answer instanceof Absent absent) {
            return new Prepared(maker.apply(null), queue, Records.error("UnknownQueue", absent.why()));
        }
        try {
            var task = maker.apply(input == null ? null : input.json());
            return new Prepared(task, queue, tooLarge(task));
        } catch (InvalidTaskException e) { // what it gets is nested too deep
            var error = Records.error("InvalidArguments", String.valueOf(e.getMessage()));
            return new Prepared(maker.apply(null), queue, error);
        }
    }

    private @Nullable TaskError tooLarge(Task task) {
        var bytes = Records.size(task);
        budget.spendBytes(bytes);
        return bytes <= maxTaskBytes
                ? null
                : Records.error(
                        TOO_LARGE,
                        "the task's record has " + bytes + " bytes with the result that it gets, and more than "
                                + maxTaskBytes + " cannot be kept");
    }

    /** Has the list written that a task gets if it does not fit into its record; then the task gets a reference. */
    private boolean needsList(String id, @Nullable Value input, Prepared prepared) {
        if (input == null || input.group() == null) {
            return false;
        }
        var fits = prepared.error == null
                ? input.json() != null
                : !prepared.error.type().equals(TOO_LARGE);
        if (!fits) {
            store.put(Job.soon(Job.Kind.WRITE_LIST, id, input.group()));
        }
        return !fits;
    }

    /** Sends the tasks that a node has for its end. One that cannot be sent fails by itself; the node has ended all the same. */
    void callBack(String id, String path) {
        var node = values.node(id, path);
        var workflow = values.workflow(id);
        var signatures = Records.callbacks(workflow, node);
        if (signatures.isEmpty()) {
            return;
        }
        var again = Job.soon(Job.Kind.CALL_BACK, id, path);
        var queues = signatures.stream()
                .map(signature -> Records.queue(workflow, signature))
                .toList();
        if (store.isLeft(Job.Kind.WRITE_LIST, id) || !areKnown(queues)) {
            store.put(again);
            return;
        }
        var now = clock.instant();
        var argument = argument(workflow, path, node);
        var relation = node.state() == TaskState.SUCCESS ? "success" : "failure";
        var tasks = new ArrayList<Prepared>();
        for (int i = 0; i < signatures.size(); i++) {
            var index = i;
            var signature = signatures.get(i);
            var queue = queues.get(i);
            var prepared = prepared(
                    queue,
                    Objects.requireNonNull(answers.get(queue), queue),
                    argument,
                    given -> Records.callback(workflow, path, signature, relation, index, given, now));
            if (!signature.immutable() && needsList(id, argument, prepared)) {
                store.put(again);
                return;
            }
            tasks.add(prepared);
        }
        queues.forEach(answers::remove);
        for (int i = 0; i < tasks.size(); i++) {
            send(workflow, tasks.get(i), argument.secret() && !signatures.get(i).immutable(), now);
        }
    }

    /** Forgets what it has heard for a call that has failed. */
    void discard() {
        answers.clear();
    }

    /** Asks about the queues of callbacks. What it hears is kept until they are sent, as an absence is told only once. */
    private boolean areKnown(List<String> queues) {
        queues.forEach(queue -> answers.computeIfAbsent(queue, asked -> {
            var answer = outlet.queue(asked);
            return answer instanceof Pending ? null : answer;
        }));
        return answers.keySet().containsAll(queues);
    }

    private Value argument(StoredWorkflow workflow, String path, StoredNode node) {
        return node.state() == TaskState.SUCCESS
                ? values.passed(workflow.id(), path)
                : Value.of(Records.failure(workflow, path, node, Objects.requireNonNull(node.error(), "error")), false);
    }

    private void send(StoredWorkflow workflow, Prepared prepared, boolean secret, Instant now) {
        if (prepared.error == null) {
            outlet.send(prepared.queue, prepared.task, workflow.trace(), secret);
        } else {
            outlet.publish(Records.unsent(prepared.task, prepared.queue, TaskState.FAILURE, null, prepared.error, now));
        }
    }
}
