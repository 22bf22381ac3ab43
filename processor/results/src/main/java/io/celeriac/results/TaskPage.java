package io.celeriac.results;

import io.celeriac.contract.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of tasks.
 *
 * @param items newest submission first
 * @param next where the next page begins; null when this is the last
 */
public record TaskPage(List<TaskResult> items, @Nullable Cursor next) {}
