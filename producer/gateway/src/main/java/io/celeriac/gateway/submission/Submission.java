package io.celeriac.gateway.submission;

import io.celeriac.contract.task.Task;

/**
 * A task and where it shall go.
 *
 * @param queue matches the rule for names; whether there is one is not known yet
 * @param task its countdown, if it had one, is its eta now
 */
record Submission(String queue, Task task) {}
