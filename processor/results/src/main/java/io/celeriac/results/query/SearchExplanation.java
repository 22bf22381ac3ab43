package io.celeriac.results.query;

import io.celeriac.results.condition.TaskCondition;
import java.util.List;

/**
 * How a search for tasks goes.
 *
 * @param index the index in whose order it finds tasks
 * @param windowed true: some condition is in no index, so it looks at {@link TaskSearch#WINDOW} tasks of the index at a time
 * @param unserved the conditions that are in no index; all must hold
 */
public record SearchExplanation(String index, boolean windowed, List<TaskCondition> unserved) {}
