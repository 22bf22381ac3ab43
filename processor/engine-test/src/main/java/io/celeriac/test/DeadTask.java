package io.celeriac.test;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.task.Task;

/**
 * A task that was set aside on the dead-letter topic.
 *
 * @param task as its record has it
 * @param why it was set aside
 */
public record DeadTask(Task task, DeadLetter why) {}
