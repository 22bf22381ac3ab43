package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import java.util.Objects;

/**
 * The end of an open group's members.
 *
 * @param id of the workflow
 * @param node path of the group
 * @param complete the number of all members; the group fails when it has fewer
 */
public record GroupComplete(
        String id,
        String node,
        @JsonProperty(required = true) int complete) implements WorkflowRecord {

    public GroupComplete {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        NodePath.check("node", Objects.requireNonNull(node, "node"));
        TaskRules.range("complete", complete, 0, Integer.MAX_VALUE);
    }
}
