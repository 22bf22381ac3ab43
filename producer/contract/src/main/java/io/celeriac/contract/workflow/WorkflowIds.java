package io.celeriac.contract.workflow;

import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskIds;

/** Ids within a workflow. They follow from its id, so that what is sent again after a crash has the same id. */
public final class WorkflowIds {

    private WorkflowIds() {}

    /**
     * Id of the task at a node.
     *
     * @param run in which the task was sent: 0, and one more for each retry of the workflow
     */
    public static String ofTask(String workflow, String node, int run) {
        return TaskIds.ofChild(workflow, "node/" + node, run);
    }

    /** Id of an inner node: the group id of a group's tasks. The root's is the workflow's own id. */
    public static String ofNode(String workflow, String node) {
        return node.equals(NodePath.ROOT) ? workflow : TaskIds.ofChild(workflow, "inner/" + node, 0);
    }

    /**
     * Id of a task that an inner node sends at its end.
     *
     * @param relation {@code success} or {@code failure}
     */
    public static String ofCallback(String workflow, String node, int run, String relation, int index) {
        return TaskIds.ofChild(workflow, relation + "/" + node + "/" + run, index);
    }

    /** Id under which all tasks of one run are revoked together. */
    public static String ofRun(String workflow, int run) {
        return TaskIds.ofChild(workflow, "run", run);
    }
}
