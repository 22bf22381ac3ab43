package io.celeriac.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task still to be emitted: a {@link Task} without id, as Celery's signature. On the wire its fields stand among those
 * of the task.
 *
 * @param task what to emit; its id is null, as it is derived from the parent's when it is emitted
 * @param queue where to emit it; null for the queue of the parent
 * @param immutable whether it takes its own arguments only; else the parent's result comes first, before {@code args}
 */
public record Signature(Task task, @Nullable String queue, boolean immutable) {

    static final String QUEUE = "queue";
    static final String IMMUTABLE = "immutable";

    public Signature {
        if (task.id() != null) {
            throw new InvalidTaskException("id", "must be absent from a signature");
        }
        if (queue != null) {
            TaskRules.queue(queue);
        }
        for (var own : List.of(QUEUE, IMMUTABLE)) {
            if (task.extra().containsKey(own)) {
                throw new InvalidTaskException(own, "must be the signature's, not an unknown field of its task");
            }
        }
    }

    /** A step that takes the parent's result as its first argument, on the parent's queue. */
    public static Signature of(Task task) {
        return new Signature(task, null, false);
    }
}
