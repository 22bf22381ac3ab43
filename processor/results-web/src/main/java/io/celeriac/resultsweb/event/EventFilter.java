package io.celeriac.resultsweb.event;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.TaskCondition;
import java.util.Map;
import java.util.Set;

/**
 * Selects the state changes that a client wants. All parts must hold; an empty part always holds.
 *
 * @param states any of them
 * @param tasks names of handlers, any of them
 * @param queues any of them
 * @param schedules names of schedules, any of them
 * @param ids of tasks, any of them
 * @param roots ids of first tasks of workflows, any of them: these tasks, and all tasks that came from them
 * @param labels names and values, all of them
 * @param condition a search; the record is read again for it, after the other parts hold
 * @param showsPayload false: the events are sent without arguments and results
 */
record EventFilter(
        Set<TaskState> states,
        Set<String> tasks,
        Set<String> queues,
        Set<String> schedules,
        Set<String> ids,
        Set<String> roots,
        Map<String, String> labels,
        TaskCondition condition,
        boolean showsPayload) {

    private static final TaskCondition ANY = TaskCondition.all();

    /** Everything. */
    static final EventFilter ALL =
            new EventFilter(Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Map.of());

    /** A filter without a search. */
    EventFilter(
            Set<TaskState> states,
            Set<String> tasks,
            Set<String> queues,
            Set<String> schedules,
            Set<String> ids,
            Set<String> roots,
            Map<String, String> labels) {
        this(states, tasks, queues, schedules, ids, roots, labels, ANY, true);
    }

    EventFilter {
        states = Set.copyOf(states);
        tasks = Set.copyOf(tasks);
        queues = Set.copyOf(queues);
        schedules = Set.copyOf(schedules);
        ids = Set.copyOf(ids);
        roots = Set.copyOf(roots);
        labels = Map.copyOf(labels);
    }

    /** A matching change as the client may see it. */
    StateChange shown(StateChange change) {
        return showsPayload ? change : change.masked();
    }

    boolean matches(StateChange change) {
        return (ids.isEmpty() || ids.contains(change.id()))
                && (states.isEmpty() || states.contains(change.state()))
                && (tasks.isEmpty() || tasks.contains(change.task()))
                && (queues.isEmpty() || queues.contains(change.queue()))
                && (schedules.isEmpty() || schedules.contains(change.schedule()))
                && (roots.isEmpty() || roots.contains(change.rootId()))
                && change.labels().entrySet().containsAll(labels.entrySet())
                && (condition.equals(ANY) || condition.holds(change.result()));
    }
}
