package io.celeriac.web.page;

import io.celeriac.contract.task.TaskState;
import java.util.Collection;
import java.util.Map;

/** Tells the states of tasks to pages of modules that know only their ids. */
@FunctionalInterface
public interface Outcomes {

    /** Where there are no results. */
    Outcomes UNKNOWN = ids -> Map.of();

    /** The states of those tasks that are known. */
    Map<String, TaskState> of(Collection<String> ids);
}
