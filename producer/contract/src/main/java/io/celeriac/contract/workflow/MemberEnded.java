package io.celeriac.contract.workflow;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a task of a workflow has ended: the value of a record on the topic of workflow events, whose key is the workflow's id. A worker
 * writes it together with the outcome.
 *
 * @param workflow the workflow's id
 * @param node path of the task's node
 * @param id of the task
 * @param state a final one
 * @param result of a task that succeeded, as it is, since the next task gets it; null for none
 * @param error of a task that failed, without its stack trace; null for none
 * @param startedAt when the last attempt started; null when there was none
 * @param at when it ended
 */
public record MemberEnded(
        String workflow,
        String node,
        String id,
        TaskState state,
        @Nullable JsonNode result,
        @Nullable TaskError error,
        @Nullable Instant startedAt,
        @Nullable Instant at) {

    public MemberEnded {
        TaskRules.oldId("workflow", Objects.requireNonNull(workflow, "workflow"));
        NodePath.check("node", Objects.requireNonNull(node, "node"));
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        if (!Objects.requireNonNull(state, "state").isFinal()) {
            throw new InvalidTaskException("state", "must be final, but is " + state);
        }
        TaskRules.instant("startedAt", startedAt);
        TaskRules.instant("at", at);
    }
}
