package io.celeriac.schedule.firing;

import io.celeriac.contract.task.TaskState;
import java.util.Collection;
import java.util.Map;

/** The states of emitted tasks, a moment behind the workers. */
@FunctionalInterface
public interface TaskStates {

    /** For programs without results. No firing counts as sent before, and each counts as unfinished until it is too old. */
    TaskStates UNKNOWN = ids -> Map.of();

    /**
     * Looks up states. Called within the transaction that claims schedules.
     *
     * @param ids of tasks, any number
     * @return the states of those that are known
     */
    Map<String, TaskState> of(Collection<String> ids);
}
