package io.celeriac.client;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskResult;
import org.jspecify.annotations.Nullable;

/** A task will not run, or was stopped: somebody revoked it, it expired, or another task of its unique key runs in its place. */
public final class TaskRevokedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String taskId;
    private final @Nullable RevokeReason reason;
    private final @Nullable String winner;

    TaskRevokedException(String taskId, TaskResult result) {
        super("task " + taskId + " (" + result.task() + ") was revoked"
                + (result.reason() == null ? "" : ": " + result.reason())
                + (result.winner() == null ? "" : ", for task " + result.winner()));
        this.taskId = taskId;
        reason = result.reason();
        winner = result.winner();
    }

    public String taskId() {
        return taskId;
    }

    /** Why; null if the result does not say. */
    public @Nullable RevokeReason reason() {
        return reason;
    }

    /** The id of the task of the same unique key for which this one did not run; null for none. */
    public @Nullable String winner() {
        return winner;
    }
}
