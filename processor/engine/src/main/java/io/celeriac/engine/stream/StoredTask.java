package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Publication;
import java.util.List;

/** What the store keeps of a task that is not finished. */
sealed interface StoredTask {

    /** The task. */
    AcceptedTask task();

    /**
     * It has still to run.
     *
     * @param due epoch milliseconds before which the next attempt does not start
     */
    record Waiting(AcceptedTask task, long due) implements StoredTask {}

    /**
     * It has run, and its outcome has still to be published: its partition moved away in between.
     *
     * @param publications to be sent
     */
    record Ended(AcceptedTask task, List<Publication> publications) implements StoredTask {}
}
