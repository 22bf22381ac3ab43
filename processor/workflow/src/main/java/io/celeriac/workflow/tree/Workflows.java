package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.MemberPolicy;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.workflow.tree.Values.Value;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Absent;
import io.celeriac.workflow.tree.WorkflowOutlet.Queue.Pending;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the workflows of a partition: it sends the tasks of each tree in their order and hears how they end.
 *
 * <p>One rule holds for every tree: a node reaches its final state when the event comes that decides it, and only then. A task ends by the
 * event of its worker, by a failed node that it depends on, or by a revocation. A chain ends with its last node or the first that does not
 * succeed. A group ends with its last member, or with the first that does not succeed if its policy says so. Every event may come twice;
 * the second changes nothing, because a final state is never left, except by the command to retry.
 *
 * <p>Starts and ends are a queue of steps that {@link #proceed} works off, so that neither the depth nor the length of a tree needs stack.
 * Belongs to one thread.
 */
public final class Workflows {

    /** Revocations of single tasks, which reach those that wait for their eta or a retry. All others are reached by their run. */
    private static final int MOST_SINGLE_REVOCATIONS = 1_000;

    /** What the value of a result may need more in the record than by itself. */
    private static final int RESULT_MARGIN = 1024;

    /** Bytes of sent tasks that count as much as one member that is started. */
    private static final int BYTES_AT_A_TIME = 4 * 1024;

    /** The part of the work of one go that one group may have. */
    private static final int SHARES = 10;

    /** How long a workflow is kept that has ended, and some of whose tasks never tell an end. */
    private static final Duration KEEP_WAITING = Duration.ofDays(31);

    /**
     * Settings of the coordinator.
     *
     * @param keep how long a workflow is kept after its last task has ended
     * @param appendTimeout how long an open group waits for further members
     * @param maxTaskBytes of a task's record
     */
    public record Settings(Duration keep, Duration appendTimeout, int maxTaskBytes) {}

    /** A step: a node is to start, or has ended. */
    private record Step(boolean starts, String path) {}

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Settings settings;
    private final Values values;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<String, Set<String>> changed =
            new LinkedHashMap<>(); // paths by workflow, since the last publication
    private int budget;
    private int share;

    public Workflows(WorkflowStore store, WorkflowOutlet outlet, InstantSource clock, Settings settings) {
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
        this.settings = settings;
        this.values = new Values(store, settings.maxTaskBytes());
    }

    /**
     * Takes a workflow and starts it. A second workflow of the same id is ignored.
     *
     * @param submittedAt when the workflow names no time of its own
     * @param trace W3C headers for its tasks
     */
    public void submit(Workflow workflow, Instant submittedAt, Map<String, String> trace) {
        if (store.workflow(workflow.id()) != null) {
            return;
        }
        values.forget();
        var now = clock.instant();
        var tasks = plant(workflow.id(), NodePath.ROOT, workflow.root());
        store.put(new StoredWorkflow(
                workflow.id(),
                workflow.name(),
                workflow.labels(),
                workflow.queue(),
                workflow.onMemberFailure(),
                TaskState.STARTED,
                0,
                0,
                tasks,
                0,
                0,
                0,
                0,
                null,
                workflow.submittedAt() == null ? submittedAt : workflow.submittedAt(),
                now,
                null,
                trace));
        outlet.publish(workflow);
        publish(workflow.id());
        start(NodePath.ROOT);
        proceed(workflow.id());
    }

    /** Stores a node with all below it; returns the number of tasks. */
    private int plant(String id, String root, WorkflowNode tree) {
        record Planting(String path, WorkflowNode node) {}
        var left = new ArrayDeque<Planting>();
        left.add(new Planting(root, tree));
        int tasks = 0;
        while (!left.isEmpty()) {
            var planting = left.remove();
            var node = StoredNode.of(planting.node());
            store.put(id, planting.path(), node);
            tasks += node.isTask() ? 1 : 0;
            for (int i = 0; i < node.children(); i++) {
                left.add(new Planting(
                        NodePath.child(planting.path(), i), planting.node().child(i)));
            }
        }
        return tasks;
    }

    /**
     * Takes further members of an open group.
     *
     * @throws InvalidTaskException when there is no such group, or members before these are missing
     */
    public void append(GroupAppend append) {
        var workflow = workflow(append.id());
        var group = group(append.id(), append.node());
        if (!group.open() || group.state() == TaskState.SUCCESS) {
            return; // it was sent again
        }
        if (append.from() > group.children()) {
            throw new InvalidTaskException(
                    "from", "is " + append.from() + ", but the group has only " + group.children() + " members");
        }
        var known = group.children() - append.from();
        if (known >= append.append().size()) {
            return;
        }
        var total = (long) append.from() + append.append().size();
        if (total > Limits.WORKFLOW_MEMBERS) {
            throw new InvalidTaskException("append", "makes more than " + Limits.WORKFLOW_MEMBERS + " members");
        }
        requireDepth(append);
        int tasks = 0;
        for (int i = known; i < append.append().size(); i++) {
            tasks += plant(
                    append.id(),
                    NodePath.child(append.node(), append.from() + i),
                    append.append().get(i));
        }
        store.put(append.id(), append.node(), group.more((int) total, true));
        store.put(workflow.more(tasks));
        if (group.state() == TaskState.STARTED) {
            startMembersSoon(append.id(), append.node());
            awaitMembers(append.id(), append.node());
        } else if (group.state().isFinal()) {
            cancelMembers(append.id(), append.node(), append.from() + known, (int) total);
        }
        note(append.id(), append.node());
        settle(append.id());
    }

    private static void requireDepth(GroupAppend append) {
        var deepest =
                append.append().stream().mapToInt(WorkflowNode::depth).max().orElse(0);
        if (NodePath.depth(append.node()) + deepest > Limits.WORKFLOW_DEPTH) {
            throw new InvalidTaskException("append", "makes the tree deeper than " + Limits.WORKFLOW_DEPTH + " levels");
        }
    }

    /** Ends members that come after their group has failed. A retry runs them. */
    private void cancelMembers(String id, String path, int from, int to) {
        for (int i = from; i < to; i++) {
            var child = NodePath.child(path, i);
            var node = values.node(id, child);
            if (node.isTask()) {
                cancelTask(id, child, node, path, false);
            } else {
                cancelBelow(id, child, false);
                cancelInner(id, child, values.node(id, child), path, false);
            }
        }
    }

    /**
     * Closes an open group.
     *
     * @throws InvalidTaskException when there is no such group
     */
    public void complete(GroupComplete complete) {
        var group = group(complete.id(), complete.node());
        if (!group.open() || group.state() == TaskState.SUCCESS) {
            return;
        }
        values.forget();
        var isComplete = group.children() == complete.complete();
        store.put(complete.id(), complete.node(), group.more(group.children(), !isComplete));
        store.remove(closeGroup(complete.id(), complete.node()));
        if (group.state().isFinal()) {
            note(complete.id(), complete.node());
        } else if (!isComplete) {
            fail(
                    complete.id(),
                    complete.node(),
                    Records.error(
                            "IncompleteGroup",
                            "the group has " + group.children() + " members, and should have " + complete.complete()));
        } else {
            endIfWhole(complete.id(), complete.node());
        }
        proceed(complete.id());
    }

    private StoredWorkflow workflow(String id) {
        var workflow = store.workflow(id);
        if (workflow == null) {
            throw new InvalidTaskException("id", "is of no workflow that is known here");
        }
        return workflow;
    }

    private StoredNode group(String id, String path) {
        var node = store.node(id, path);
        if (node == null || !node.kind().isGroup()) {
            throw new InvalidTaskException("node", "must be the path of a group of the workflow");
        }
        return node;
    }

    /**
     * Hears how a task has ended. Ignores what it knows already, and tasks of an earlier run.
     *
     * @param secret whether the result is secret
     */
    public void ended(MemberEnded event, boolean secret) {
        var id = event.workflow();
        var node = store.node(id, event.node());
        if (node == null
                || !node.isTask()
                || node.state() != TaskState.STARTED
                || !WorkflowIds.ofTask(id, event.node(), node.run()).equals(event.id())) {
            return;
        }
        values.forget();
        if (event.state() != TaskState.SUCCESS && mayRunAgain(id, event.node(), node)) {
            runAgain(id, event.node(), node);
            proceed(id);
            return;
        }
        if (event.state() == TaskState.SUCCESS && event.result() != null) {
            store.putResult(id, event.node(), event.result());
        }
        endTask(id, event.node(), node, event.state(), event.error(), secret, true);
        proceed(id);
    }

    /** A task of an earlier run, which a retry has left to go on, has not succeeded: the retry is for it, too. */
    private boolean mayRunAgain(String id, String path, StoredNode node) {
        var workflow = workflow(id);
        var parent = NodePath.parent(path);
        return node.run() < workflow.run()
                && !workflow.state().isFinal()
                && (parent == null || !values.node(id, parent).state().isFinal());
    }

    private void runAgain(String id, String path, StoredNode node) {
        store.put(workflow(id).stopped());
        store.put(id, path, node.reset(0, 0));
        var parentPath = NodePath.parent(path);
        var parent = parentPath == null ? null : values.node(id, parentPath);
        if (parentPath != null && parent != null && parent.state() == TaskState.PENDING) {
            store.put(id, parentPath, parent.childStopped()); // it starts its children when it starts
        } else {
            start(path);
        }
    }

    private void endTask(
            String id,
            String path,
            StoredNode node,
            TaskState state,
            @Nullable TaskError error,
            boolean secret,
            boolean wasSent) {
        store.put(id, path, node.ended(state, error, secret, clock.instant()));
        store.put(workflow(id).taskEnded(state, wasSent));
        steps.add(new Step(false, path));
    }

    /**
     * Carries out a command.
     *
     * @throws InvalidTaskException when the workflow is not known
     */
    public void command(WorkflowCommand command) {
        var workflow = workflow(command.id());
        switch (command.command()) {
            case REVOKE -> revoke(workflow, command.terminate());
            case RETRY -> retryAfterCallbacks(workflow);
        }
    }

    private void revoke(StoredWorkflow workflow, boolean terminate) {
        var id = workflow.id();
        if (workflow.running() > 0) {
            var now = clock.instant();
            for (int run = 0; run <= workflow.run(); run++) { // tasks of earlier runs may still be on their way
                outlet.send(Command.revoke(WorkflowIds.ofRun(id, run), terminate, now));
            }
            revokeSingly(workflow, terminate, now);
        }
        if (!workflow.state().isFinal()) {
            end(id, NodePath.ROOT, TaskState.REVOKED, null);
            proceed(id);
        }
    }

    private void revokeSingly(StoredWorkflow workflow, boolean terminate, Instant now) {
        if (workflow.running() > MOST_SINGLE_REVOCATIONS) {
            return;
        }
        var left = new ArrayDeque<String>();
        left.add(NodePath.ROOT);
        while (!left.isEmpty()) {
            var path = left.remove();
            var node = values.node(workflow.id(), path);
            if (node.isTask() && node.state() == TaskState.STARTED) {
                outlet.send(Command.revoke(WorkflowIds.ofTask(workflow.id(), path, node.run()), terminate, now));
            }
            for (int i = 0; i < node.children(); i++) {
                left.add(NodePath.child(path, i));
            }
        }
    }

    /** Callbacks that wait for their queue are those of the run that has ended; they are sent before another begins. */
    private void retryAfterCallbacks(StoredWorkflow workflow) {
        if (store.isLeft(Job.Kind.CALL_BACK, workflow.id())) {
            store.put(new Job(Job.Kind.RETRY, workflow.id(), NodePath.ROOT, null));
        } else {
            retry(workflow);
        }
    }

    private void retry(StoredWorkflow workflow) {
        var id = workflow.id();
        values.forget();
        if (!workflow.state().isFinal() || workflow.state() == TaskState.SUCCESS) {
            return;
        }
        store.remove(new Job(Job.Kind.DELETE, id, NodePath.ROOT, null));
        store.put(workflow.retried());
        reset(id, NodePath.ROOT);
        var root = values.node(id, NodePath.ROOT);
        if (root.state().isFinal()) { // a task that went on when the workflow was revoked, and has succeeded
            endRoot(id, NodePath.ROOT, root);
        } else {
            publish(id);
            start(NodePath.ROOT);
        }
        proceed(id);
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
            store.put(workflow(id).taskReset(node.state()));
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
        note(id, path);
    }

    private void start(String path) {
        steps.add(new Step(true, path));
    }

    /** Works off the steps of a workflow. */
    private void proceed(String id) {
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
        if (node.state() != TaskState.PENDING) {
            return; // cancelled meanwhile
        }
        if (node.isTask()) {
            send(id, path, node);
            return;
        }
        var started = node.started(workflow(id).run(), clock.instant());
        store.put(id, path, started);
        publish(id, path);
        if (node.kind().isGroup()) {
            startGroup(id, path, started);
        } else {
            goOn(id, path, started);
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

    private void startMembersSoon(String id, String path) {
        var group = values.node(id, path);
        if (group.mayStartNext()) {
            store.put(new Job(Job.Kind.START_MEMBERS, id, path, null));
        }
    }

    /** Starts members of a group, as many as the budget allows. Returns whether it is done for now. */
    private boolean startMembers(String id, String path) {
        var group = store.node(id, path);
        var enough = budget - share;
        while (group != null && group.mayStartNext()) {
            if (budget <= 0 || budget <= enough) {
                return false;
            }
            budget--;
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

    private void send(String id, String path, StoredNode node) {
        var workflow = workflow(id);
        var signature = Objects.requireNonNull(node.task(), path);
        var queue = Records.queue(workflow, signature);
        var answer = outlet.queue(queue);
        if (answer instanceof Pending) {
            store.put(new Job(Job.Kind.START, id, path, null));
            return;
        }
        var now = clock.instant();
        var input = signature.immutable() ? null : values.input(id, path);
        Task task;
        TaskError error = answer instanceof Absent absent ? Records.error("UnknownQueue", absent.why()) : null;
        try {
            error = error == null ? tooLarge(input) : error;
            task = Records.task(workflow, path, signature, groupId(id, path), error == null ? input : null, now);
            error = error == null ? tooLarge(task) : error;
        } catch (InvalidTaskException e) { // what it gets is nested too deep
            task = Records.task(workflow, path, signature, groupId(id, path), null, now);
            error = Records.error("InvalidArguments", String.valueOf(e.getMessage()));
        }
        var started = node.started(workflow.run(), now);
        if (error != null) {
            outlet.publish(Records.unsent(task, queue, TaskState.FAILURE, null, error, now));
            endTask(id, path, started, TaskState.FAILURE, error, false, false);
            callBack(id, path); // no worker does it
            return;
        }
        store.put(id, path, started);
        store.put(workflow.sent());
        outlet.send(queue, task, workflow.trace(), input != null && input.secret());
        var parent = NodePath.parent(path);
        if (parent != null) {
            note(id, parent); // one more is under way
        }
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
        budget -= bytes / BYTES_AT_A_TIME;
        return bytes <= settings.maxTaskBytes()
                ? null
                : Records.error(
                        "TooLarge",
                        "the task's record has " + bytes + " bytes with the result that it gets, and more than "
                                + settings.maxTaskBytes() + " cannot be kept");
    }

    /** Id of the nearest group above a node; the workflow's own when there is none. */
    private String groupId(String id, String path) {
        for (var parent = NodePath.parent(path); parent != null; parent = NodePath.parent(parent)) {
            if (values.node(id, parent).kind().isGroup()) {
                return WorkflowIds.ofNode(id, parent);
            }
        }
        return id;
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
        note(id, parentPath);
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
    private void endRoot(String id, String path, StoredNode root) {
        var workflow = workflow(id);
        if (workflow.state().isFinal()) {
            return;
        }
        store.put(workflow.ended(root.state(), root.error(), clock.instant()));
        if (!root.isTask()) {
            publish(id, path);
        }
        publish(id);
    }

    private void endIfWhole(String id, String path) {
        var group = values.node(id, path);
        if (group.state() == TaskState.STARTED && group.isWhole()) {
            end(id, path, TaskState.SUCCESS, null);
        }
    }

    private void failBecauseOf(String id, String path, String child) {
        var cause = values.node(id, child);
        fail(id, path, Records.because(cause, child, Records.id(id, child, cause)));
    }

    private void fail(String id, String path, TaskError error) {
        end(id, path, TaskState.FAILURE, error);
    }

    /** Ends an inner node, or the root: cancels what has not been sent below it, sends its callbacks and tells its parent. */
    private void end(String id, String path, TaskState state, @Nullable TaskError error) {
        var node = values.node(id, path);
        if (node.state().isFinal()) {
            return;
        }
        var now = clock.instant();
        if (state != TaskState.SUCCESS) {
            cancelBelow(id, path, state == TaskState.REVOKED);
            node = values.node(id, path);
        }
        if (node.isTask()) { // the root is a task, and is revoked: if it was sent, its worker ends it
            if (node.state() == TaskState.PENDING) {
                cancelTask(id, path, node, path, true);
            }
            store.put(workflow(id).ended(state, error, now));
            publish(id);
            return;
        }
        store.remove(closeGroup(id, path));
        store.put(id, path, node.ended(state, error, false, now));
        if (!Records.isRoot(path)) {
            publish(id, path);
        }
        callBack(id, path);
        steps.add(new Step(false, path));
    }

    /** Ends all below a node that cannot matter any more. A task that was sent goes on, and its end is counted. */
    private void cancelBelow(String id, String path, boolean byCommand) {
        var left = new ArrayDeque<String>();
        left.push(path);
        while (!left.isEmpty()) {
            var at = left.pop();
            var node = values.node(id, at);
            if (node.isTask()) {
                if (node.state() == TaskState.PENDING && !at.equals(path)) {
                    cancelTask(id, at, node, path, byCommand);
                }
            } else if (!node.state().isFinal()) {
                for (int i = node.children() - 1; i >= 0; i--) {
                    left.push(NodePath.child(at, i));
                }
                if (!at.equals(path)) {
                    cancelInner(id, at, node, path, byCommand);
                }
            }
        }
    }

    private void cancelInner(String id, String path, StoredNode node, String failed, boolean byCommand) {
        store.remove(closeGroup(id, path));
        var error = byCommand ? null : Records.parentFailed(WorkflowIds.ofNode(id, failed));
        store.put(id, path, node.ended(TaskState.REVOKED, error, false, clock.instant()));
        countAtParent(id, path);
        publish(id, path);
    }

    private void cancelTask(String id, String path, StoredNode node, String failed, boolean byCommand) {
        var workflow = workflow(id);
        var now = clock.instant();
        var error = Records.parentFailed(WorkflowIds.ofNode(id, failed));
        var signature = Objects.requireNonNull(node.task(), path);
        var task = Records.task(workflow, path, signature, groupId(id, path), null, now);
        outlet.publish(Records.unsent(
                task,
                Records.queue(workflow, signature),
                TaskState.REVOKED,
                byCommand ? RevokeReason.REVOKED : RevokeReason.PARENT_FAILED,
                byCommand ? null : error,
                now));
        store.put(
                id,
                path,
                node.started(workflow.run(), now).ended(TaskState.REVOKED, byCommand ? null : error, false, now));
        store.put(workflow.taskEnded(TaskState.REVOKED, false));
        countAtParent(id, path);
    }

    private void countAtParent(String id, String path) {
        var parent = NodePath.parent(path);
        if (parent != null) {
            store.put(id, parent, values.node(id, parent).childEnded(false));
            note(id, parent);
        }
    }

    /** Sends the tasks that a node has for its end. */
    private void callBack(String id, String path) {
        var node = values.node(id, path);
        var workflow = workflow(id);
        var signatures = Records.callbacks(workflow, node);
        if (signatures.isEmpty()) {
            return;
        }
        for (var signature : signatures) {
            if (outlet.queue(Records.queue(workflow, signature)) instanceof Pending) {
                store.put(new Job(Job.Kind.CALL_BACK, id, path, null));
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

    /** Forgets a workflow when its last task has ended: its nodes at once if they cannot be needed for a retry, all of it later. */
    private void settle(String id) {
        var workflow = store.workflow(id);
        if (workflow == null || !workflow.state().isFinal()) {
            return;
        }
        if (workflow.running() > 0) {
            store.put(new Job(Job.Kind.DELETE, id, NodePath.ROOT, later(KEEP_WAITING)));
            return;
        }
        publishChanges(id);
        if (workflow.state() == TaskState.SUCCESS) {
            store.put(new Job(Job.Kind.DELETE_NODES, id, NodePath.ROOT, null));
        }
        store.put(new Job(Job.Kind.DELETE, id, NodePath.ROOT, later(settings.keep())));
    }

    private Instant later(Duration delay) {
        return clock.instant().plus(delay);
    }

    private void awaitMembers(String id, String path) {
        store.put(new Job(Job.Kind.CLOSE_GROUP, id, path, later(settings.appendTimeout())));
    }

    private static Job closeGroup(String id, String path) {
        return new Job(Job.Kind.CLOSE_GROUP, id, path, null);
    }

    /** Gives open groups the whole time again: nobody could send members to a coordinator that was away. */
    public void begin() {
        for (var job : store.all(Job.Kind.CLOSE_GROUP)) {
            awaitMembers(job.workflow(), job.path());
        }
    }

    /**
     * Does work that is due.
     *
     * @param most how many members are started, or records deleted
     * @param mayClose whether open groups may be closed that have waited long enough: all members that were sent have been read
     * @return whether more is due
     */
    public boolean work(int most, boolean mayClose) {
        budget = most;
        share = Math.max(1, most / SHARES);
        values.forget();
        var now = clock.instant();
        for (var goesOn = true; goesOn && budget > 0; ) {
            goesOn = false;
            for (var job : store.due(now)) {
                if (budget > 0 && (mayClose || job.kind() != Job.Kind.CLOSE_GROUP)) {
                    goesOn |= work(job);
                }
            }
        }
        return budget <= 0;
    }

    /** Does one job; returns whether anything was done. */
    private boolean work(Job job) {
        var before = budget;
        if (isDone(job)) {
            removeIfSame(job);
            return true; // it may have made other work
        }
        store.toTheEnd(job);
        return budget < before;
    }

    /** The jobs that are due. */
    public List<Job> due() {
        return store.due(clock.instant());
    }

    /** Does one job, when {@link #work(int, boolean)} has failed because of one that is not known. */
    public void workAlone(Job job, int most) {
        budget = most;
        share = most;
        values.forget();
        work(job);
    }

    /** Fails a workflow because of a job that cannot be done, so that it keeps no other from its work. */
    public void giveUp(Job job, String why) {
        var id = job.workflow();
        store.remove(job);
        var workflow = store.workflow(id);
        if (workflow != null && !workflow.state().isFinal()) {
            store.put(workflow.ended(TaskState.FAILURE, Records.error("CoordinatorFault", why), clock.instant()));
            publish(id);
            store.put(new Job(Job.Kind.DELETE, id, NodePath.ROOT, later(KEEP_WAITING)));
        }
    }

    private void removeIfSame(Job job) {
        if (job.kind() == Job.Kind.START_MEMBERS) {
            var group = store.node(job.workflow(), job.path());
            if (group != null && group.mayStartNext()) {
                return; // members that ended meanwhile have made room
            }
        }
        store.remove(job);
    }

    private boolean isDone(Job job) {
        var id = job.workflow();
        switch (job.kind()) {
            case START_MEMBERS -> {
                return startMembers(id, job.path());
            }
            case START -> {
                return startLater(job);
            }
            case CALL_BACK -> {
                store.remove(job);
                if (store.node(id, job.path()) != null) {
                    callBack(id, job.path());
                }
                return false; // it may have been put again
            }
            case RETRY -> {
                if (store.isLeft(Job.Kind.CALL_BACK, id)) {
                    return false;
                }
                budget--;
                retry(workflow(id));
            }
            case CLOSE_GROUP -> closeUnlessComplete(id, job.path());
            case DELETE_NODES -> {
                if (store.isLeft(Job.Kind.CALL_BACK, id)) {
                    return false;
                }
                budget -= 100;
                return store.deleteNodes(id, 10_000);
            }
            case DELETE -> {
                budget -= 100;
                if (!store.deleteNodes(id, 10_000)) {
                    return false;
                }
                store.delete(id);
            }
        }
        return true;
    }

    /** Returns whether it was started, or need not be. */
    private boolean startLater(Job job) {
        var node = store.node(job.workflow(), job.path());
        if (node != null && node.state() == TaskState.PENDING) {
            start(job.path());
            proceed(job.workflow());
            node = store.node(job.workflow(), job.path());
        }
        var isStarted = node == null || node.state() != TaskState.PENDING;
        budget -= isStarted ? 1 : 0;
        return isStarted;
    }

    private void closeUnlessComplete(String id, String path) {
        var group = store.node(id, path);
        if (group != null && group.open() && group.state() == TaskState.STARTED) {
            fail(
                    id,
                    path,
                    Records.error(
                            "IncompleteGroup",
                            "no further member came for " + settings.appendTimeout()
                                    + ", and the group was not completed; it has " + group.children() + " members"));
            proceed(id);
        }
    }

    /** Forgets the steps of a call that has failed; otherwise the next call would take them for its own. */
    public void discard() {
        steps.clear();
        values.forget();
    }

    private void note(String id, String path) {
        changed.computeIfAbsent(id, key -> new LinkedHashSet<>()).add(path);
    }

    /** Publishes the counts that have changed. */
    public void publishChanges() {
        List.copyOf(changed.keySet()).forEach(this::publishChanges);
    }

    private void publishChanges(String id) {
        var paths = changed.remove(id);
        var workflow = store.workflow(id);
        if (paths == null || workflow == null || store.node(id, NodePath.ROOT) == null) {
            return;
        }
        publishCounts(workflow.published());
        for (var path : paths) {
            if (store.node(id, path) != null) {
                outlet.publish(Records.state(workflow(id), path, values.node(id, path)));
            }
        }
    }

    /** After its end, a workflow's counts still change while the last tasks end; its result does not. */
    private void publishCounts(StoredWorkflow workflow) {
        store.put(workflow);
        outlet.publish(Records.state(workflow));
        if (!workflow.state().isFinal()) {
            outlet.publish(Records.result(workflow, null));
        }
    }

    /** Publishes a state with its counts, and the same as a result. */
    private void publish(String id) {
        var workflow = workflow(id).published();
        store.put(workflow);
        outlet.publish(Records.state(workflow));
        var result = Records.result(workflow, null);
        if (workflow.state() == TaskState.SUCCESS) {
            var room = settings.maxTaskBytes() - RESULT_MARGIN - TaskJson.bytes(result).length;
            result = Records.result(workflow, Records.shown(values.value(id, NodePath.ROOT), id, room));
        }
        outlet.publish(result);
    }

    private void publish(String id, String path) {
        var workflow = workflow(id).published();
        store.put(workflow);
        outlet.publish(Records.state(workflow, path, values.node(id, path)));
        var left = changed.get(id);
        if (left != null && left.remove(path) && left.isEmpty()) {
            changed.remove(id);
        }
    }
}
