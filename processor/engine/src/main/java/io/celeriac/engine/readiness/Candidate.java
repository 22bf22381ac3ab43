package io.celeriac.engine.readiness;

import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.task.AcceptedTask;
import org.jspecify.annotations.Nullable;

/**
 * A task that has not ended, and the handler that would run it.
 *
 * @param handler null where this worker has none for it
 */
public record Candidate(Waiting waiting, @Nullable Handler handler) {

    public AcceptedTask task() {
        return waiting.task();
    }

    public String id() {
        return task().id();
    }

    /** The task's own name, which can be an alias of its handler's. */
    public String name() {
        return task().task().task();
    }

    /** Epoch milliseconds before which it must not run. */
    public long due() {
        return waiting.due();
    }
}
