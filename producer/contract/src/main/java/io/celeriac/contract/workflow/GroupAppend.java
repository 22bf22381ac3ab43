package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import java.util.List;
import java.util.Objects;

/**
 * Further members of an open group.
 *
 * @param id of the workflow
 * @param node path of the group
 * @param from index of the first of these members in the group, from 0; members that the group has already are ignored
 * @param append the members
 */
public record GroupAppend(
        String id,
        String node,
        @JsonProperty(required = true) int from,
        List<WorkflowNode> append) implements WorkflowRecord {

    public GroupAppend {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        NodePath.check("node", Objects.requireNonNull(node, "node"));
        TaskRules.range("from", from, 0, Integer.MAX_VALUE);
        append = TaskRules.list("append", append);
    }
}
