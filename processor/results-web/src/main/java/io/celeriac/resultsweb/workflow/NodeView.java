package io.celeriac.resultsweb.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.results.workflow.NodeTask;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of a workflow with its state, as REST shows it.
 *
 * @param path place in the tree; the root is {@code 0}, its second child {@code 0.1}
 * @param kind of the node
 * @param name as submitted; null for none
 * @param task name of the task, for a task and for the kinds with items; otherwise null
 * @param id of the task in its latest run, or of the group; null for what has none
 * @param queue of the task; null when it is not known
 * @param state null when it is not known, as results may be deleted before their workflow
 * @param attempt number of the task's latest attempt; null before the first
 * @param reason why the task was revoked; null otherwise
 * @param children number of children that are known; null for a task
 * @param ended number of children that have ended; null for a task
 * @param failed number of children that have not succeeded; null for a task
 * @param open true: further members may follow
 * @param concurrency most members that run at the same time; null for all
 * @param error why it has failed; null otherwise
 * @param startedAt null before
 * @param finishedAt null before
 * @param onSuccess names of the tasks that are sent at its success
 * @param onFailure names of the tasks that are sent at its failure
 * @param firstFailed the first of its tasks that failed, for a group whose members are not all in {@code nodes}
 * @param nodes its children, if they were asked for
 * @param more number of children that are not in {@code nodes}
 */
@JsonInclude(Include.NON_EMPTY)
public record NodeView(
        String path,
        NodeKind kind,
        @Nullable String name,
        @Nullable String task,
        @Nullable String id,
        @Nullable String queue,
        @Nullable TaskState state,
        @Nullable Integer attempt,
        @Nullable RevokeReason reason,
        @Nullable Integer children,
        @Nullable Integer ended,
        @Nullable Integer failed,
        @JsonInclude(Include.NON_DEFAULT) boolean open,
        @Nullable Integer concurrency,
        @Nullable TaskError error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> onSuccess,
        List<String> onFailure,
        List<NodeTask> firstFailed,
        List<NodeView> nodes,
        @JsonInclude(Include.NON_DEFAULT) int more) {

    /** The same with children. */
    NodeView with(List<NodeView> newNodes, int newMore, List<NodeTask> newFirstFailed) {
        return new NodeView(
                path,
                kind,
                name,
                task,
                id,
                queue,
                state,
                attempt,
                reason,
                children,
                ended,
                failed,
                open,
                concurrency,
                error,
                startedAt,
                finishedAt,
                onSuccess,
                onFailure,
                newFirstFailed,
                newNodes,
                newMore);
    }
}
