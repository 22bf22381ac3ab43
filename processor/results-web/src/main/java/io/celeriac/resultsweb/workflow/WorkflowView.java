package io.celeriac.resultsweb.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.WorkflowState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as REST shows it.
 *
 * @param id root id of all its tasks
 * @param name in force
 * @param labels as submitted
 * @param queue of the tasks that name none
 * @param state of the root
 * @param run 0, and one more for each retry
 * @param tasks number of its tasks that are known
 * @param ended number of its tasks that have ended in any way
 * @param succeeded number of its tasks that have succeeded
 * @param failed number of its tasks that have failed
 * @param revoked number of its tasks that have been revoked, also without having run
 * @param underWay number of its tasks that were sent and have not ended: they wait in their queues, or run; null when it is not known
 * @param error why it has failed; null otherwise
 * @param submittedAt when it was submitted
 * @param finishedAt when the root ended; null before
 */
@JsonInclude(Include.NON_NULL)
public record WorkflowView(
        String id,
        String name,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        String queue,
        TaskState state,
        int run,
        int tasks,
        int ended,
        int succeeded,
        int failed,
        int revoked,
        @Nullable Integer underWay,
        @Nullable TaskError error,
        @Nullable Instant submittedAt,
        @Nullable Instant finishedAt) {

    static WorkflowView of(WorkflowState state) {
        return new WorkflowView(
                state.id(),
                state.name(),
                state.labels(),
                WorkflowRights.queue(state.queue()),
                state.state(),
                state.run(),
                state.tasks(),
                state.ended(),
                Math.max(0, state.ended() - state.failed() - state.revoked()),
                state.failed(),
                state.revoked(),
                state.underWay(),
                state.error(),
                state.submittedAt(),
                state.finishedAt());
    }
}
