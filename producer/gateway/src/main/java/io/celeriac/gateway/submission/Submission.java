package io.celeriac.gateway.submission;

import io.celeriac.contract.task.Task;

/**
 * A task and its queue.
 *
 * @param queue a valid name; the queue may not exist
 * @param task with its eta in place of a countdown
 */
record Submission(String queue, Task task) {}
