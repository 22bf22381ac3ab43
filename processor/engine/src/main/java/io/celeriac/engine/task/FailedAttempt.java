package io.celeriac.engine.task;

import io.celeriac.contract.result.TaskError;
import java.time.Instant;

/**
 * One failed attempt in a task's history.
 *
 * @param attempt its number, from 1
 * @param startedAt when it started
 * @param finishedAt when it failed
 * @param worker that ran it
 * @param error why it failed, without the stack trace
 */
public record FailedAttempt(int attempt, Instant startedAt, Instant finishedAt, String worker, TaskError error) {}
