package io.celeriac.engine.store;

import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import java.time.Instant;
import java.util.List;

/** A task that is not finished, as the store keeps it. */
public sealed interface StoredTask {

    /** The task. */
    AcceptedTask task();

    /**
     * Records that are still to be sent, because the partition moved away before they were; mostly empty.
     */
    List<OutboundRecord> unpublished();

    /**
     * The task has still to run.
     *
     * @param due epoch milliseconds before which the next attempt does not start
     */
    public record Waiting(AcceptedTask task, long due, List<OutboundRecord> unpublished) implements StoredTask {

        public Waiting(AcceptedTask task, long due) {
            this(task, due, List.of());
        }

        /** Waits until an instant, rounded up to a millisecond. */
        public static Waiting until(Instant due, AcceptedTask task) {
            return until(due, task, List.of());
        }

        public static Waiting until(Instant due, AcceptedTask task, List<OutboundRecord> unpublished) {
            return new Waiting(task, due.plusNanos(999_999).toEpochMilli(), unpublished);
        }
    }

    /**
     * The task has run, and its outcome is still to be published: its partition moved away in between.
     *
     * @param state the final state
     */
    record Ended(AcceptedTask task, TaskState state, List<OutboundRecord> unpublished) implements StoredTask {}
}
