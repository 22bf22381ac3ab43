package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a task gets in place of a list of results that is too large for its record. The list is on the topic of group results.
 *
 * @param group id of the group
 * @param size results in the list
 * @param workflow id of its workflow
 * @param node path of the group
 * @param since when its first {@link GroupPart} was written, by the record's timestamp
 */
public record GroupReference(
        @JsonProperty("$group") String group,
        @JsonProperty(required = true) int size,
        String workflow,
        String node,
        Instant since) {

    public GroupReference {
        Objects.requireNonNull(group, "$group");
        Objects.requireNonNull(workflow, "workflow");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(since, "since");
    }

    /**
     * Reads an argument.
     *
     * @return empty when the argument is something else
     * @throws InvalidTaskException when it begins as a reference and is none
     */
    public static Optional<GroupReference> of(JsonNode argument) {
        return argument.isObject() && argument.has("$group")
                ? Optional.of(TaskJson.groupReference(argument))
                : Optional.empty();
    }
}
