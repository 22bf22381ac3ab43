package io.celeriac.results.workflow;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task of a workflow, as far as a tree shows it.
 *
 * @param id of the task
 * @param task name of its handler
 * @param queue that it is in
 * @param state latest known
 * @param attempt number of the latest attempt; 0 before the first
 * @param reason why it was revoked; null otherwise
 * @param error without stack trace; null for none
 * @param startedAt of the latest attempt; null before
 * @param finishedAt null before
 */
public record NodeTask(
        String id,
        String task,
        String queue,
        TaskState state,
        int attempt,
        @Nullable RevokeReason reason,
        @Nullable TaskError error,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {}
