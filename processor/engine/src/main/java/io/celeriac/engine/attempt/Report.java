package io.celeriac.engine.attempt;

import io.celeriac.contract.TaskState;
import java.time.Instant;
import java.util.List;

/** What an attempt has to tell the stream thread. */
public sealed interface Report {

    /** The task it is about, as it was when the attempt began. */
    AcceptedTask task();

    /** Its id. */
    default String id() {
        return task().id();
    }

    /**
     * It runs, or has come further.
     *
     * @param publications to be sent
     */
    record Progressed(AcceptedTask task, List<Publication> publications) implements Report {}

    /**
     * It has emitted a child task.
     *
     * @param child to be sent
     */
    record Emitted(AcceptedTask task, Publication child) implements Report {}

    /**
     * The task has come to its end.
     *
     * @param state a final one
     * @param publications to be sent: result, next steps, dead letter
     */
    record Finished(AcceptedTask task, TaskState state, List<Publication> publications) implements Report {}

    /**
     * The attempt has failed, and another will follow.
     *
     * @param again the task after the failure
     * @param due when
     * @param publications to be sent
     */
    record Retried(AcceptedTask task, AcceptedTask again, Instant due, List<Publication> publications)
            implements Report {}
}
