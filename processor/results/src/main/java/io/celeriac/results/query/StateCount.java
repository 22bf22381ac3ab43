package io.celeriac.results.query;

import io.celeriac.contract.task.TaskState;

/**
 * The number of tasks of one name in one state.
 *
 * @param task name of the handler
 * @param state of the tasks now
 * @param count at least 1
 * @param exact false: there are more, and they were not counted
 */
public record StateCount(String task, TaskState state, long count, boolean exact) {}
