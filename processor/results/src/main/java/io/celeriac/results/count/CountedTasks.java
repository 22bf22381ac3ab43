package io.celeriac.results.count;

import java.util.List;

/**
 * The answer to a {@link CountQuery}.
 *
 * @param total of the whole span
 * @param steps each step, the earliest first, also those in which nothing ended
 * @param queues those in which most tasks ended first, then those with the most submissions; empty unless the question is grouped
 * @param tasks by name, in the same order; at most {@link #MOST_GROUPS}; empty unless the question is grouped
 */
public record CountedTasks(EndedTasks total, List<EndedTasks> steps, List<Group> queues, List<Group> tasks) {

    /** Most queues or names of tasks in an answer. */
    public static final int MOST_GROUPS = 100;

    /**
     * The tasks of one queue or name.
     *
     * @param name of the queue, or of the handler
     */
    public record Group(String name, EndedTasks ended) {}
}
