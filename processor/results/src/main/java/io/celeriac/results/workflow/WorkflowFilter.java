package io.celeriac.results.workflow;

import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects workflows; all given conditions must hold.
 *
 * @param states any of these; empty for any
 * @param name null for any
 * @param labels each must be there with its value
 * @param from submitted then or later; null for any time
 * @param to submitted before; null for any time
 * @param queues of the workflow; null for all
 */
public record WorkflowFilter(
        Set<TaskState> states,
        @Nullable String name,
        Map<String, String> labels,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Set<String> queues) {

    public WorkflowFilter {
        states = Set.copyOf(states);
        labels = Map.copyOf(labels);
        queues = queues == null ? null : Set.copyOf(queues);
    }
}
