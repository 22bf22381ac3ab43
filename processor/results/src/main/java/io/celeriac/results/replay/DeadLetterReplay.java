package io.celeriac.results.replay;

import java.time.Instant;

/**
 * A replay of a dead letter.
 *
 * @param taskId of the new task
 * @param queue of the new task
 * @param edited true: with another value than the dead letter's
 * @param by name of the caller
 * @param at shortly before the new task was sent
 */
public record DeadLetterReplay(String taskId, String queue, boolean edited, String by, Instant at) {}
