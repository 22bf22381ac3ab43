package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.util.Objects;

/**
 * The place of a task in a workflow. A worker that ends such a task tells the workflow's coordinator.
 *
 * @param id of the workflow
 * @param node path of the task's node
 * @param run of the workflow: 0, and one more for each retry
 */
public record WorkflowMember(
        String id,
        String node,
        @JsonInclude(Include.NON_DEFAULT) int run) {

    public WorkflowMember {
        TaskRules.oldId("workflow.id", Objects.requireNonNull(id, "id"));
        NodePath.check("workflow.node", Objects.requireNonNull(node, "node"));
        TaskRules.range("workflow.run", run, 0, Integer.MAX_VALUE);
    }

    /**
     * Refuses a task that claims a place in a workflow. Only the coordinator gives one: the end of such a task ends the member of the
     * workflow.
     *
     * @throws InvalidTaskException naming the field
     */
    public static void requireNone(Task task) {
        if (task.workflow() != null) {
            throw new InvalidTaskException("workflow", "must be absent, as only the coordinator of workflows sets it");
        }
    }
}
