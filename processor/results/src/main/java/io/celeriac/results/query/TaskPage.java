package io.celeriac.results.query;

import io.celeriac.contract.result.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param items newest submission first; with a text to look for there may be fewer than asked for, or none, and yet a next page
 * @param next where the next page begins; null when this is the last
 */
public record TaskPage(List<TaskResult> items, @Nullable TaskCursor next) {}
