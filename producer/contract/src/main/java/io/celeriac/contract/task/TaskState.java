package io.celeriac.contract.task;

/**
 * The state of a task.
 *
 * <pre>
 * PENDING ──▶ STARTED ──▶ SUCCESS | FAILURE | REVOKED
 *    │          │  ▲
 *    │          ▼  │
 *    │         RETRY                  an attempt failed, the next waits for its backoff
 *    └──▶ REVOKED                     revoked or expired before it ran
 * </pre>
 *
 * <p>The last three are final: no later record of the same task leaves them.
 */
public enum TaskState {
    /** Accepted. It may be running, unless it has {@code trackStarted}, as in Celery. */
    PENDING,
    /** An attempt runs. Published only for tasks with {@code trackStarted}, or when they report progress. */
    STARTED,
    /** An attempt failed and another will follow. */
    RETRY,
    /** The handler returned. */
    SUCCESS,
    /** The last attempt failed, or the task could not be run at all. */
    FAILURE,
    /** It will not run: revoked by someone, or expired. */
    REVOKED;

    /** True when a task never leaves this state. */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILURE || this == REVOKED;
    }
}
