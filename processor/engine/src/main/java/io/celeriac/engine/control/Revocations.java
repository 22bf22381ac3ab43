package io.celeriac.engine.control;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.engine.task.AcceptedTask;
import org.jspecify.annotations.Nullable;

/** Knows which tasks must not run: they were revoked, or their queue was purged. Safe for use by several threads. */
@FunctionalInterface
public interface Revocations {

    /** No revocations. */
    Revocations NONE = id -> false;

    /** Whether a task was revoked by its id and must not run. */
    boolean contains(String id);

    /** Why a task must not run; null if it may. */
    default @Nullable RevokeReason reason(AcceptedTask task) {
        return contains(task.id()) ? RevokeReason.REVOKED : null;
    }

    /** The offset before which the tasks of a partition are purged; 0 if it was not purged. */
    default long fence(String queue, String topic, int partition) {
        return 0;
    }
}
