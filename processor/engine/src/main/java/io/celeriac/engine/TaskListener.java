package io.celeriac.engine;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Observes every attempt on this worker: Celery's {@code before_start}, {@code on_success}, {@code on_failure},
 * {@code on_retry} and {@code after_return}. A listener runs on the attempt's thread, so it may block, and then delays the outcome.
 * An exception from {@link #beforeStart} fails the attempt; one from another method is logged and changes nothing. After a crash a
 * listener may hear of an attempt twice. It does not hear of tasks that end without an attempt: a task that was revoked or expired
 * while it waited, and a task that was set aside because it killed its worker too often.
 */
public interface TaskListener {

    /** Called before the handler; not called for a task without a handler. */
    default void beforeStart(TaskContext context) {}

    /**
     * Called when the handler has returned.
     *
     * @param result in plain, also where it is secret
     */
    default void onSuccess(TaskContext context, @Nullable JsonNode result) {}

    /** Called when the task has failed for good. */
    default void onFailure(TaskContext context, TaskError error) {}

    /** Called when the attempt has failed and another will follow. */
    default void onRetry(TaskContext context, TaskError error, Instant nextAttemptAt) {}

    /**
     * Called after each attempt, last of all.
     *
     * @param state of the task; {@code PENDING} if the attempt stopped because its partition leaves this worker, and will run again
     */
    default void afterReturn(TaskContext context, TaskState state) {}
}
