package io.celeriac.results;

import io.celeriac.contract.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks to list, newest submission first.
 *
 * @param state null for any
 * @param task name of the handler; null for any
 * @param queue null for any
 * @param limit most on one page, 1 to {@link #MAX_LIMIT}
 * @param after where the page before ended; null for the first page
 */
public record TaskQuery(
        @Nullable TaskState state,
        @Nullable String task,
        @Nullable String queue,
        int limit,
        @Nullable Cursor after) {

    /** Most on one page. */
    public static final int MAX_LIMIT = 500;

    public TaskQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", but is " + limit);
        }
    }
}
