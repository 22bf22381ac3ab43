package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * Some of the results of a group whose list is too large for the record of a task. The parts of a list follow each other on one partition.
 *
 * @param id of the workflow
 * @param node path of the group
 * @param part number of this part, from 0
 * @param last whether no part follows
 * @param values in the order of the members
 */
public record GroupPart(
        String id,
        String node,
        @JsonProperty(required = true) int part,
        @JsonProperty(required = true) boolean last,
        List<JsonNode> values) {

    public GroupPart {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        NodePath.check("node", Objects.requireNonNull(node, "node"));
        TaskRules.range("part", part, 0, Integer.MAX_VALUE);
        values = List.copyOf(Objects.requireNonNull(values, "values"));
    }
}
