package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.FailedAttempt;
import io.celeriac.engine.attempt.Publication;
import java.util.List;

/** What the store keeps of a task that is not finished. */
sealed interface StoredTask {

    /** The task. */
    AcceptedTask task();

    /** Epoch milliseconds when this queue's workers first saw it. */
    long acceptedAt();

    /**
     * It has still to run.
     *
     * @param due epoch milliseconds before which the next attempt does not start
     */
    record Waiting(AcceptedTask task, long due, long acceptedAt) implements StoredTask {

        Waiting retried(FailedAttempt failure, long revision, long nextDue) {
            return new Waiting(task.failed(failure, revision), nextDue, acceptedAt);
        }
    }

    /**
     * It has run, and its outcome has still to be published: its partition moved away in between.
     *
     * @param publications to be sent
     */
    record Ended(AcceptedTask task, long acceptedAt, List<Publication> publications) implements StoredTask {}
}
