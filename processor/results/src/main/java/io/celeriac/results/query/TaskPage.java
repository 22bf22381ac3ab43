package io.celeriac.results.query;

import io.celeriac.contract.result.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param items newest submission first; with large tasks or a text to look for, it may be shorter than the limit, or empty, and yet have a
 *     next page
 * @param next where the next page begins; null when this is the last
 */
public record TaskPage(List<TaskResult> items, @Nullable TaskCursor next) {}
