package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a workflow: the value of a record on the topic of workflow states, whose key is the workflow's id. While a workflow runs, a
 * new state follows at most once a second; its end follows at once.
 *
 * @param id of the workflow
 * @param name in force
 * @param labels as submitted
 * @param queue as submitted; null for the default queue
 * @param state of the root; {@link TaskState#STARTED} while it runs
 * @param run 0, and one more for each retry
 * @param revision grows with each published state, from 1
 * @param tasks number of its tasks that are known
 * @param ended number of its tasks that have ended in any way
 * @param failed number of its tasks that have ended as {@link TaskState#FAILURE}
 * @param revoked number of its tasks that have ended as {@link TaskState#REVOKED}, also without having run
 * @param underWay number of its tasks that were sent and have not ended: they wait in their queues, or run; null from a coordinator that
 *     did not tell it
 * @param error why it has failed; null otherwise
 * @param submittedAt when it was submitted
 * @param finishedAt when the root ended; null before
 */
public record WorkflowState(
        String id,
        String name,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        @Nullable String queue,
        TaskState state,
        int run,
        long revision,
        int tasks,
        int ended,
        int failed,
        int revoked,
        @Nullable Integer underWay,
        @Nullable TaskError error,
        @Nullable Instant submittedAt,
        @Nullable Instant finishedAt) {

    public WorkflowState {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        TaskRules.name("name", Objects.requireNonNull(name, "name"));
        labels = TaskRules.labels(labels);
        Objects.requireNonNull(state, "state");
        TaskRules.instant("submittedAt", submittedAt);
        TaskRules.instant("finishedAt", finishedAt);
    }
}
