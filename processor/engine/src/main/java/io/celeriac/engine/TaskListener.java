package io.celeriac.engine;

import io.celeriac.contract.TaskError;
import io.celeriac.contract.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Told of every attempt on this worker: Celery's {@code before_start}, {@code on_success}, {@code on_failure},
 * {@code on_retry} and {@code after_return}. Runs on the attempt's thread, so it may block, and delays the outcome when it
 * does. An exception of {@link #beforeStart} fails the attempt; one of the others is logged and changes nothing. After a
 * crash an attempt may be told of twice.
 */
public interface TaskListener {

    /** Before the handler is called. */
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

    /** After each attempt, last of all. */
    default void afterReturn(TaskContext context, TaskState state) {}
}
