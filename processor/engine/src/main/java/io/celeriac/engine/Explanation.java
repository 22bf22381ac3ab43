package io.celeriac.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an unfinished task is on this worker, and what it waits for.
 *
 * @param id the task's
 * @param task its name
 * @param queue it came from
 * @param partition it came from
 * @param offset of its record
 * @param attempts that have failed
 * @param deaths how often a process has died while it ran the task
 * @param acceptedAt when this queue's workers first saw it
 * @param stage what it waits for
 * @param since when it began to wait; for a turn, a limit or a thread, no earlier than this worker took over the partition
 * @param until when the wait ends; null where only another task can end it
 */
public record Explanation(
        String id,
        String task,
        String queue,
        int partition,
        long offset,
        int attempts,
        int deaths,
        Instant acceptedAt,
        Stage stage,
        Instant since,
        @Nullable Instant until) {

    /** What a task can wait for. */
    public enum Stage {
        /** Its {@code eta}. */
        ETA,
        /** The delay before its next attempt. */
        RETRY,
        /** Its turn: an earlier task of its key, or of its partition, in a queue that keeps an order. */
        TURN,
        /** The limit of its handler: other tasks of its name use it up. */
        HANDLER_LIMIT,
        /** A worker with a handler of its name. */
        HANDLER,
        /** The end of its queue's pause. */
        PAUSE,
        /** A place in the window of its partition. */
        WINDOW,
        /** A record of its start in the changelog, required because processes have died here lately. */
        QUARANTINE,
        /** A thread. */
        THREAD,
        /** Nothing: it runs. */
        RUNNING,
        /** Its outcome is known and being published. */
        OUTCOME
    }
}
