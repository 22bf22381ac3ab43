package io.celeriac.engine.task;

import java.time.Duration;

/**
 * How the tasks of one queue are worked on.
 *
 * @param queue name of the queue
 * @param topic its topic
 * @param exactlyOnce whether results and next steps are published exactly once; else at least once, and sooner
 * @param order which tasks must not run at the same time
 * @param window the most tasks of a partition that wait for a thread or run; then the partition is paused
 * @param maxParked the most tasks of a partition that wait for their time; then the partition is paused
 * @param maxHeld the most tasks of a partition that wait for others: for the turn of their key, or for their handler's limit; then
 *     the partition is paused
 * @param maxDeaths how often a process may die while it runs a task, until that is set aside; 0 for any number
 * @param deduplication how long after its end a task's id is remembered; zero for not at all
 * @param unknownTaskPatience how long a task is kept that no worker has a handler for
 * @param startAhead how long before it is due a task is taken from the store
 * @param commitInterval of the stream thread
 */
public record QueueProperties(
        String queue,
        String topic,
        boolean exactlyOnce,
        Order order,
        int window,
        int maxParked,
        int maxHeld,
        int maxDeaths,
        Duration deduplication,
        Duration unknownTaskPatience,
        Duration startAhead,
        Duration commitInterval) {

    /** Which tasks of a partition must not run at the same time. */
    public enum Order {
        /** Any may. */
        UNORDERED,
        /** One at a time of each key, in the order of their records. */
        KEY,
        /** One at a time, in the order of their records. */
        PARTITION
    }
}
