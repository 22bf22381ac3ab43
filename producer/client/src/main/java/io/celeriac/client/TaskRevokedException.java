package io.celeriac.client;

import io.celeriac.contract.result.RevokeReason;
import org.jspecify.annotations.Nullable;

/** A task will not run, or was stopped: somebody revoked it, or it expired. */
public final class TaskRevokedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String taskId;
    private final @Nullable RevokeReason reason;

    TaskRevokedException(String taskId, String task, @Nullable RevokeReason reason) {
        super("task " + taskId + " (" + task + ") was revoked" + (reason == null ? "" : ": " + reason));
        this.taskId = taskId;
        this.reason = reason;
    }

    public String taskId() {
        return taskId;
    }

    /** Why; null if the result does not say. */
    public @Nullable RevokeReason reason() {
        return reason;
    }
}
