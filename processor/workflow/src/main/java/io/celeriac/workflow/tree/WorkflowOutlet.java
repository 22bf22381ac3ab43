package io.celeriac.workflow.tree;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import java.util.Map;

/** Where the records of workflows go. Belongs to one thread. */
public interface WorkflowOutlet {

    /** The answer about a queue. */
    sealed interface Queue {

        /** It is being looked up; ask again later. */
        record Pending() implements Queue {}

        record Present() implements Queue {}

        /** No task can go there, and why. */
        record Absent(String why) implements Queue {}
    }

    Queue queue(String name);

    /**
     * Sends a task.
     *
     * @param trace W3C headers
     * @param secret whether its arguments are secret
     */
    void send(String queue, Task task, Map<String, String> trace, boolean secret);

    void publish(TaskResult result);

    void publish(WorkflowState state);

    void publish(NodeState state);

    /** Publishes the tree, once. */
    void publish(Workflow workflow);

    /**
     * Publishes some of the results of a group.
     *
     * @param secret whether one of them is secret
     */
    void publish(GroupPart part, boolean secret);

    void send(Command command);
}
