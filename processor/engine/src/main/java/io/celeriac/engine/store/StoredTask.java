package io.celeriac.engine.store;

import io.celeriac.contract.result.TaskState;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import java.time.Instant;
import java.util.List;

/** What the store keeps of a task that is not finished. */
public sealed interface StoredTask {

    /** The task. */
    AcceptedTask task();

    /**
     * What has still to be sent, as the partition moved away before it was; mostly nothing.
     */
    List<OutboundRecord> unpublished();

    /**
     * It has still to run.
     *
     * @param due epoch milliseconds before which the next attempt does not start
     */
    public record Waiting(AcceptedTask task, long due, List<OutboundRecord> unpublished) implements StoredTask {

        public Waiting(AcceptedTask task, long due) {
            this(task, due, List.of());
        }

        /** Until an instant, or up to a millisecond longer: never shorter. */
        public static Waiting until(Instant due, AcceptedTask task) {
            return until(due, task, List.of());
        }

        public static Waiting until(Instant due, AcceptedTask task, List<OutboundRecord> unpublished) {
            return new Waiting(task, due.plusNanos(999_999).toEpochMilli(), unpublished);
        }
    }

    /**
     * It has run, and its outcome has still to be published: its partition moved away in between.
     *
     * @param state the final one
     */
    record Ended(AcceptedTask task, TaskState state, List<OutboundRecord> unpublished) implements StoredTask {}
}
