package io.celeriac.engine;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Told of every attempt on this worker: Celery's {@code before_start}, {@code on_success}, {@code on_failure},
 * {@code on_retry} and {@code after_return}. Runs on the attempt's thread, so it may block, and delays the outcome when it
 * does. An exception of {@link #beforeStart} fails the attempt; one of the others is logged and changes nothing. After a
 * crash an attempt may be told of twice. What comes to its end without an attempt is not told of: a task that was revoked or
 * expired while it waited, and one that was set aside because its worker died of it too often.
 */
public interface TaskListener {

    /** Before the handler is called; not where there is none of the task's name. */
    default void beforeStart(TaskContext context) {}

    /**
     * The handler has returned.
     *
     * @param result as it is, also where it is secret
     */
    default void onSuccess(TaskContext context, @Nullable JsonNode result) {}

    /** The task has failed for good. */
    default void onFailure(TaskContext context, TaskError error) {}

    /** The attempt has failed, and another will follow. */
    default void onRetry(TaskContext context, TaskError error, Instant nextAttemptAt) {}

    /**
     * After each attempt, last of all.
     *
     * @param state of the task; {@code PENDING} where the attempt has stopped because its worker is going, and runs again elsewhere
     */
    default void afterReturn(TaskContext context, TaskState state) {}
}
