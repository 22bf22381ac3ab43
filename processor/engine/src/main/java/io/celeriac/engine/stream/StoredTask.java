package io.celeriac.engine.stream;

import io.celeriac.contract.TaskState;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Publication;
import java.time.Instant;
import java.util.List;

/** What the store keeps of a task that is not finished. */
sealed interface StoredTask {

    /** The task. */
    AcceptedTask task();

    /**
     * What has still to be sent, as the partition moved away before it was; mostly nothing.
     */
    List<Publication> unpublished();

    /**
     * It has still to run.
     *
     * @param due epoch milliseconds before which the next attempt does not start
     */
    record Waiting(AcceptedTask task, long due, List<Publication> unpublished) implements StoredTask {

        Waiting(AcceptedTask task, long due) {
            this(task, due, List.of());
        }

        /** Until an instant, or up to a millisecond longer: never shorter. */
        static Waiting until(Instant due, AcceptedTask task) {
            return until(due, task, List.of());
        }

        static Waiting until(Instant due, AcceptedTask task, List<Publication> unpublished) {
            return new Waiting(task, due.plusNanos(999_999).toEpochMilli(), unpublished);
        }
    }

    /**
     * It has run, and its outcome has still to be published: its partition moved away in between.
     *
     * @param state the final one
     */
    record Ended(AcceptedTask task, TaskState state, List<Publication> unpublished) implements StoredTask {}
}
