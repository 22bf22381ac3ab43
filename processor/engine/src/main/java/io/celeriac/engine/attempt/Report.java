package io.celeriac.engine.attempt;

import io.celeriac.contract.TaskState;
import java.time.Instant;
import java.util.List;

/** What an attempt has to tell the stream thread. */
public sealed interface Report {

    /** The task it is about. */
    String id();

    /** The revision that the task has with it. */
    long revision();

    /**
     * It runs, or has come further.
     *
     * @param publications to be sent
     */
    record Progressed(String id, long revision, List<Publication> publications) implements Report {}

    /**
     * The task has come to its end.
     *
     * @param state a final one
     * @param publications to be sent: result, next steps, dead letter
     */
    record Finished(String id, long revision, TaskState state, List<Publication> publications) implements Report {}

    /**
     * The attempt has failed, and another will follow.
     *
     * @param due when
     * @param publications to be sent
     */
    record Retried(String id, long revision, Instant due, FailedAttempt failure, List<Publication> publications)
            implements Report {}
}
