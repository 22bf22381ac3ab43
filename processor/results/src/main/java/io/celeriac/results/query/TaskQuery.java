package io.celeriac.results.query;

import org.jspecify.annotations.Nullable;

/**
 * A page of tasks, newest submission first.
 *
 * @param filter which tasks
 * @param limit most on one page, 1 to {@link #MAX_LIMIT}
 * @param after where the previous page ended; null for the first page
 */
public record TaskQuery(
        TaskFilter filter, int limit, @Nullable TaskCursor after) {

    /** Most on one page. */
    public static final int MAX_LIMIT = 500;

    public TaskQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", but is " + limit);
        }
    }
}
