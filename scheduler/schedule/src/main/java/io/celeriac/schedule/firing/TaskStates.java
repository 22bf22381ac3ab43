package io.celeriac.schedule.firing;

import io.celeriac.contract.result.TaskState;
import java.util.Collection;
import java.util.Map;

/** What is known of tasks that were emitted, a moment behind what the workers did. */
@FunctionalInterface
public interface TaskStates {

    /** For programs that know of none; no firing then counts as sent before, and each counts as unfinished until it is too old. */
    TaskStates UNKNOWN = ids -> Map.of();

    /**
     * Asked within the transaction that claims schedules.
     *
     * @param ids of tasks, any number
     * @return the states of those that are known
     */
    Map<String, TaskState> of(Collection<String> ids);
}
