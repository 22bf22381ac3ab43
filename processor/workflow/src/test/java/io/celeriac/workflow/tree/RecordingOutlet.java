package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps what is sent. */
final class RecordingOutlet implements WorkflowOutlet {

    /** A task that was sent. */
    record Sent(String queue, Task task, boolean secret) {}

    final List<Sent> sent = new ArrayList<>();
    final List<TaskResult> results = new ArrayList<>();
    final List<WorkflowState> states = new ArrayList<>();
    final List<NodeState> nodes = new ArrayList<>();
    private final Set<String> told = new HashSet<>(); // absent queues
    final List<GroupPart> parts = new ArrayList<>();
    final List<Workflow> trees = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();
    final Set<String> pending = new HashSet<>();
    final Map<String, String> absent = new HashMap<>();

    /** As over a cluster, an absence is told once; the next question looks for the queue again. */
    @Override
    public Queue queue(String name) {
        if (absent.containsKey(name)) {
            return told.add(name) ? new Queue.Absent(absent.get(name)) : lookedUp(name);
        }
        return pending.contains(name) ? new Queue.Pending() : new Queue.Present();
    }

    private Queue lookedUp(String name) {
        told.remove(name);
        return new Queue.Pending();
    }

    @Override
    public void send(String queue, Task task, Map<String, String> trace, boolean secret) {
        sent.add(new Sent(queue, TaskJson.task(TaskJson.bytes(task)), secret));
    }

    @Override
    public void publish(TaskResult result) {
        results.add(TaskJson.result(TaskJson.bytes(result)));
    }

    @Override
    public void publish(WorkflowState state) {
        states.add(TaskJson.workflowState(TaskJson.bytes(state)));
    }

    @Override
    public void publish(NodeState state) {
        nodes.add(TaskJson.nodeState(TaskJson.bytes(state)));
    }

    @Override
    public void publish(GroupPart part, boolean secret) {
        parts.add(TaskJson.groupPart(TaskJson.bytes(part)));
    }

    @Override
    public void publish(Workflow workflow) {
        trees.add(TaskJson.workflow(TaskJson.parse(TaskJson.bytes(workflow))));
    }

    @Override
    public void send(Command command) {
        commands.add(command);
    }
}
