package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
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
}
