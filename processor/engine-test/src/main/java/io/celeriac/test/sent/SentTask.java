package io.celeriac.test.sent;

import io.celeriac.contract.task.Task;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A task that was sent to a queue.
 *
 * @param queue that it was sent to
 * @param task as its record has it
 * @param headers of the record, as text
 * @param at when it was sent, by the clock of the test
 */
public record SentTask(String queue, Task task, Map<String, String> headers, Instant at) {

    public SentTask {
        headers = Map.copyOf(headers);
    }

    /** The task's name. */
    public String name() {
        return task.task();
    }

    /** The task's id. */
    public String id() {
        return Objects.requireNonNull(task.id(), "id");
    }
}
