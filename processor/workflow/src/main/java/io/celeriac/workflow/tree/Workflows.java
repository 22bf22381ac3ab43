package io.celeriac.workflow.tree;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.MemberEnded;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import io.celeriac.workflow.tree.Workflows.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;

/**
 * Runs the workflows of a partition: it sends the tasks of each tree in their order and hears how they end.
 *
 * <p>One rule holds for every tree: a node reaches its final state when the event comes that decides it, and only then. A task ends by the
 * event of its worker, by a failed node that it depends on, or by a revocation. Every event may come twice; the second changes nothing,
 * because a final state is never left, except by the command to retry.
 *
 * <pre>
 * record ──▶ Workflows ──▶ NodeLifecycle ──▶ TaskDispatch    tasks
 * job    ──▶               Retry             ListWriter      lists that are too large for a task
 *                                            Cancellation    results of what is not sent
 *                                            StatePublisher  states
 * </pre>
 *
 * <p>What may be much is a {@link Job}, of which {@link #work} does as much as it is told to. Belongs to one thread.
 */
public final class Workflows {

    /** Revocations of single tasks, which reach those that wait for their eta or a retry. All others are reached by their run. */
    private static final int MOST_SINGLE_REVOCATIONS = 1_000;

    /**
     * Settings of the coordinator.
     *
     * @param keep how long a workflow is kept after its last task has ended
     * @param appendTimeout how long an open group waits for further members
     * @param maxTaskBytes of a task's record
     */
    public record Settings(Duration keep, Duration appendTimeout, int maxTaskBytes) {}

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Settings settings;
    private final Values values;
    private final WorkBudget budget = new WorkBudget();
    private final StatePublisher publisher;
    private final TaskDispatch dispatch;
    private final Cancellation cancellation;
    private final ListWriter lists;
    private final NodeLifecycle nodes;
    private final Retry retry;

    public Workflows(WorkflowStore store, WorkflowOutlet outlet, InstantSource clock, Settings settings) {
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
        this.settings = settings;
        values = new Values(store);
        publisher = new StatePublisher(store, outlet, values, settings.maxTaskBytes());
        dispatch = new TaskDispatch(store, outlet, clock, values, budget, settings.maxTaskBytes());
        cancellation = new Cancellation(store, outlet, clock, values, publisher, budget);
        lists = new ListWriter(store, outlet, clock, values, budget);
        nodes = new NodeLifecycle(store, clock, settings, values, budget, dispatch, cancellation, publisher);
        retry = new Retry(store, values, nodes, publisher);
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
        publisher.publish(workflow.id());
        nodes.start(NodePath.ROOT);
        nodes.proceed(workflow.id());
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
            nodes.startMembersSoon(append.id(), append.node());
            nodes.awaitMembers(append.id(), append.node());
        } else if (group.state().isFinal()) {
            cancellation.cancelFrom(append.id(), append.node(), append.from() + known);
        }
        publisher.note(append.id(), append.node());
        nodes.settle(append.id());
    }

    private static void requireDepth(GroupAppend append) {
        var deepest =
                append.append().stream().mapToInt(WorkflowNode::depth).max().orElse(0);
        if (NodePath.depth(append.node()) + deepest > Limits.WORKFLOW_DEPTH) {
            throw new InvalidTaskException("append", "makes the tree deeper than " + Limits.WORKFLOW_DEPTH + " levels");
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
        store.remove(Job.soon(Job.Kind.CLOSE_GROUP, complete.id(), complete.node()));
        if (group.state().isFinal()) {
            publisher.note(complete.id(), complete.node());
        } else if (!isComplete) {
            nodes.fail(
                    complete.id(),
                    complete.node(),
                    Records.error(
                            "IncompleteGroup",
                            "the group has " + group.children() + " members, and should have " + complete.complete()));
        } else {
            nodes.endIfWhole(complete.id(), complete.node());
        }
        nodes.proceed(complete.id());
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
        if (event.state() != TaskState.SUCCESS && retry.mayRunAgain(id, event.node(), node)) {
            retry.runAgain(id, event.node(), node);
            nodes.proceed(id);
            return;
        }
        if (event.state() == TaskState.SUCCESS && event.result() != null) {
            store.putResult(id, event.node(), event.result());
        }
        nodes.endTask(id, event.node(), node, event.state(), event.error(), secret, true);
        nodes.proceed(id);
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
            case RETRY -> retry.begin(workflow);
        }
    }

    private void revoke(StoredWorkflow workflow, boolean terminate) {
        var id = workflow.id();
        store.remove(Job.soon(Job.Kind.RETRY, id, NodePath.ROOT)); // one that waits for the end of the last run
        if (workflow.running() > 0) {
            var now = clock.instant();
            for (int run = 0; run <= workflow.run(); run++) { // tasks of earlier runs may still be on their way
                outlet.send(Command.revoke(WorkflowIds.ofRun(id, run), terminate, now));
            }
            revokeSingly(workflow, terminate, now);
        }
        if (!workflow.state().isFinal()) {
            nodes.end(id, NodePath.ROOT, TaskState.REVOKED, null);
            nodes.proceed(id);
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

    /** Gives open groups the whole time again: nobody could send members to a coordinator that was away. */
    public void begin() {
        for (var job : store.all(Job.Kind.CLOSE_GROUP)) {
            nodes.awaitMembers(job.workflow(), job.path());
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
        budget.begin(most);
        values.forget();
        var now = clock.instant();
        for (var goesOn = true; goesOn && !budget.isSpent(); ) {
            goesOn = false;
            for (var job : store.due(now)) {
                if (!budget.isSpent() && store.isPut(job) && (mayClose || job.kind() != Job.Kind.CLOSE_GROUP)) {
                    goesOn |= work(job);
                }
            }
        }
        return budget.isSpent();
    }

    /** Does one job; returns whether anything was done. */
    private boolean work(Job job) {
        var before = budget.left();
        if (isDone(job)) {
            removeIfSame(job);
            return true; // it may have made other work
        }
        store.toTheEnd(job);
        return budget.left() < before;
    }

    /** The jobs that are due. */
    public List<Job> due() {
        return store.due(clock.instant());
    }

    /** Does one job, when {@link #work(int, boolean)} has failed because of one that is not known. */
    public void workAlone(Job job, int most) {
        budget.beginAlone(most);
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
            publisher.publish(id);
            nodes.keepLong(id);
        }
    }

    private void removeIfSame(Job job) {
        if (job.kind() == Job.Kind.START_MEMBERS) {
            var group = store.node(job.workflow(), job.path());
            if (group != null && nodes.mayStartNext(job.workflow(), job.path(), group)) {
                return; // members that ended meanwhile have made room
            }
        }
        store.remove(job);
    }

    private boolean isDone(Job job) {
        var id = job.workflow();
        switch (job.kind()) {
            case START_MEMBERS -> {
                return nodes.startMembers(id, job.path());
            }
            case START -> {
                return startLater(job);
            }
            case CANCEL -> {
                var isDone = cancellation.work(id, job.path());
                if (isDone) {
                    publisher.publishChanges(id); // nothing else may ever change here
                }
                return isDone;
            }
            case WRITE_LIST -> {
                return lists.work(id, job.path());
            }
            case CALL_BACK -> {
                store.remove(job);
                if (store.node(id, job.path()) != null) {
                    dispatch.callBack(id, job.path());
                }
                return false; // it may have been put again
            }
            case RETRY -> {
                if (!retry.isLastRunDone(id)) {
                    return false;
                }
                budget.spend(1);
                retry.begin(workflow(id));
            }
            case CLOSE_GROUP -> closeUnlessComplete(id, job.path());
            case DELETE_NODES -> {
                if (!retry.isLastRunDone(id)) {
                    return false;
                }
                budget.spend(100);
                return store.deleteNodes(id, 10_000);
            }
            case DELETE -> {
                budget.spend(100);
                if (store.isLeft(Job.Kind.CANCEL, id) || !store.deleteNodes(id, 10_000)) {
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
        if (node != null && node.state() == TaskState.PENDING && !store.isLeft(Job.Kind.WRITE_LIST, job.workflow())) {
            nodes.start(job.path());
            nodes.proceed(job.workflow());
            node = store.node(job.workflow(), job.path());
        }
        var isStarted = node == null || node.state() != TaskState.PENDING;
        budget.spend(isStarted ? 1 : 0);
        return isStarted;
    }

    private void closeUnlessComplete(String id, String path) {
        var group = store.node(id, path);
        if (group != null && group.open() && group.state() == TaskState.STARTED) {
            nodes.fail(
                    id,
                    path,
                    Records.error(
                            "IncompleteGroup",
                            "no further member came for " + settings.appendTimeout()
                                    + ", and the group was not completed; it has " + group.children() + " members"));
            nodes.proceed(id);
        }
    }

    /** Forgets the steps of a call that has failed; otherwise the next call would take them for its own. */
    public void discard() {
        nodes.discard();
        dispatch.discard();
        values.forget();
    }

    /** Publishes the counts that have changed. */
    public void publishChanges() {
        publisher.publishChanges();
    }
}
