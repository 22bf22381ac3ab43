package io.celeriac.engine.task;

import java.time.Duration;

/**
 * Settings of the work on one queue.
 *
 * @param queue name of the queue
 * @param topic its topic
 * @param exactlyOnce whether results and next steps are published exactly once; otherwise at least once, and sooner
 * @param order which tasks must not run at the same time
 * @param window the most tasks of a partition that wait for a thread or run; then the partition is paused
 * @param maxParked the most tasks of a partition that wait for their time; then the partition is paused
 * @param maxHeld the most tasks of a partition that wait for the turn of their key or for their handler's limit; then the partition is
 *     paused
 * @param maxDeaths how many processes may die while they run a task before the task is set aside; 0 for any number
 * @param deduplication how long a task's id is remembered after the task has ended; zero for not at all
 * @param unknownTaskPatience how long a task is kept for which no worker has a handler
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
        /** All tasks may run at the same time. */
        UNORDERED,
        /** The tasks of a key run one at a time, in the order of their records. */
        KEY,
        /** The tasks of a partition run one at a time, in the order of their records. */
        PARTITION
    }
}
