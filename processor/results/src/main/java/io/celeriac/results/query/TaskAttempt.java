package io.celeriac.results.query;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a task.
 *
 * @param attempt its number, from 1
 * @param state {@code STARTED} while it runs, {@code RETRY} when another attempt follows, otherwise the task's final state
 * @param worker id of the worker that ran it; null if it did not begin
 * @param startedAt null if it did not begin
 * @param finishedAt null while it runs
 * @param nextAttemptAt when the next attempt is due; null unless {@code RETRY}
 * @param error null unless it failed
 * @param origin where in the code the error came from; null when that is not known
 */
public record TaskAttempt(
        int attempt,
        TaskState state,
        @Nullable String worker,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable TaskError error,
        @Nullable String origin) {}
