package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of an inner node: the value of a record on the topic of workflow states, whose key is the workflow's id, {@code /} and the
 * node's path. The states of tasks are on the results topic: a task's {@code rootId} is the workflow's id, and its id is
 * {@link WorkflowIds#ofTask}.
 *
 * @param workflow id of the workflow
 * @param node path of the node
 * @param kind of the node, none of {@link NodeKind#TASK}
 * @param name as submitted; null for none
 * @param state {@link TaskState#PENDING} before it starts, {@link TaskState#STARTED} while it runs
 * @param run of the workflow
 * @param revision grows with each published state of the workflow
 * @param children number of its children that are known
 * @param ended number of its children that have ended
 * @param failed number of its children that have not succeeded
 * @param open whether further members may follow
 * @param error why it has failed; null otherwise
 * @param startedAt when it started; null before
 * @param finishedAt when it ended; null before
 */
public record NodeState(
        String workflow,
        String node,
        NodeKind kind,
        @Nullable String name,
        TaskState state,
        int run,
        long revision,
        int children,
        int ended,
        int failed,
        @JsonInclude(Include.NON_DEFAULT) boolean open,
        @Nullable TaskError error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    public NodeState {
        TaskRules.oldId("workflow", Objects.requireNonNull(workflow, "workflow"));
        NodePath.check("node", Objects.requireNonNull(node, "node"));
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(state, "state");
        TaskRules.instant("startedAt", startedAt);
        TaskRules.instant("finishedAt", finishedAt);
    }

    /** The record's key. */
    public String key() {
        return workflow + "/" + node;
    }
}
