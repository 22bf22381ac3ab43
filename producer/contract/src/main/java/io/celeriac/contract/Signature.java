package io.celeriac.contract;

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

    public Signature {
        if (task.id() != null) {
            throw new InvalidTaskException("id", "must be absent from a signature");
        }
        if (queue != null) {
            TaskRules.queue(queue);
        }
    }

    /** A step that takes the parent's result as its first argument, on the parent's queue. */
    public static Signature of(Task task) {
        return new Signature(task, null, false);
    }
}
