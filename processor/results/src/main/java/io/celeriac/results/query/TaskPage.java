package io.celeriac.results.query;

import io.celeriac.contract.result.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks.
 *
 * @param items newest submission first; with large tasks or a condition that no index serves, it may be shorter than the limit, or
 *     empty, and yet have a next page
 * @param next where the next page begins; null when this is the last
 * @param partial true: the search stopped at its bound before the page was full, and {@code next} goes on from there
 * @param characters of the arguments, results and stack traces that were read
 */
public record TaskPage(List<TaskResult> items, @Nullable TaskCursor next, boolean partial, long characters) {}
