package io.celeriac.web.receipt;

import io.celeriac.contract.task.Task;
import java.util.List;

/**
 * Warns whoever submits a task that it will not run soon. A door that knows of running workers provides one; a task is taken in all the
 * same. Safe for use by several threads, and quick: it is asked for each task.
 */
@FunctionalInterface
public interface SubmissionWarnings {

    /** Without knowledge of workers. */
    SubmissionWarnings NONE = (queue, task) -> List.of();

    /** How the warning begins that no live worker of the queue has a handler for the task. */
    String NO_HANDLER = "no-handler: ";

    /** Each a code for programs and a sentence for people, as {@code code: sentence}; empty when nothing is known against it. */
    List<String> of(String queue, Task task);
}
