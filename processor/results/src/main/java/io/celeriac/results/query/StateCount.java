package io.celeriac.results.query;

import io.celeriac.contract.result.TaskState;

/**
 * How many tasks of a name are in a state.
 *
 * @param task name of the handler
 * @param state where they stand now
 * @param count at least 1
 */
public record StateCount(String task, TaskState state, long count) {}
