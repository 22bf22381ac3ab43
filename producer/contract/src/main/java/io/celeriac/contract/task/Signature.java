package io.celeriac.contract.task;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A task to be emitted later: a {@link Task} without id, like Celery's signature. On the wire its fields stand among those of
 * the task.
 *
 * @param task to be emitted; its id is null, since it is derived from the parent's id when the task is emitted, and so is its place in a
 *     workflow
 * @param queue of the task; null for the queue of the parent
 * @param immutable true: it takes its own arguments only; false: the parent's result is the first argument, before {@code args}
 */
@JsonDeserialize(using = SignatureJson.Reader.class)
@JsonSerialize(using = SignatureJson.Writer.class)
public record Signature(Task task, @Nullable String queue, boolean immutable) {

    static final String QUEUE = "queue";
    static final String IMMUTABLE = "immutable";

    public Signature {
        if (task.id() != null) {
            throw new InvalidTaskException("id", "must be absent from a signature");
        }
        WorkflowMember.requireNone(task);
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

    /** Checks steps, and copies them. */
    public static List<Signature> steps(String field, @Nullable List<Signature> steps) {
        var copy = TaskRules.list(field, steps);
        if (copy.size() > Limits.STEPS) {
            throw new InvalidTaskException(field, "must be at most " + Limits.STEPS + ", but are " + copy.size());
        }
        if (!copy.isEmpty() && depth(copy) > Limits.STEP_DEPTH) {
            throw new InvalidTaskException(field, "must not be nested deeper than " + Limits.STEP_DEPTH + " steps");
        }
        return copy;
    }

    private static int depth(List<Signature> steps) {
        var deepest = 0;
        for (var step : steps) {
            deepest = Math.max(
                    deepest,
                    Math.max(depth(step.task().onSuccess()), depth(step.task().onFailure())));
        }
        return steps.isEmpty() ? 0 : 1 + deepest;
    }
}
