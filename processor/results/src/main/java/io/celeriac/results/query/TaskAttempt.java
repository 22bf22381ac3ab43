package io.celeriac.results.query;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a task.
 *
 * @param attempt its number, from 1
 * @param state what came of it: {@code STARTED} while it runs, {@code RETRY} when another follows, else the task's final state
 * @param worker id of the worker that ran it; null for one that did not begin
 * @param startedAt null for one that did not begin
 * @param finishedAt null while it runs
 * @param nextAttemptAt when another one is due; null unless {@code RETRY}
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
