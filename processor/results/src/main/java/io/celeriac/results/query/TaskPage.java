package io.celeriac.results.query;

import io.celeriac.contract.result.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param items newest submission first; large tasks, and a text to look for, make it shorter than asked for, or empty, and yet there is a next page
 * @param next where the next page begins; null when this is the last
 */
public record TaskPage(List<TaskResult> items, @Nullable TaskCursor next) {}
