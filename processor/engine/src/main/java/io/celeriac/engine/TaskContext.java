package io.celeriac.engine;

import io.celeriac.contract.task.Task;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The running attempt, as its handler sees it. Safe for use by several threads, also after the attempt has ended, when calls
 * no longer change anything.
 */
public interface TaskContext {

    /** The task's id. */
    String id();

    /** The task's name. */
    String task();

    /** The queue it came from. */
    String queue();

    /** Number of this attempt, from 1. An attempt that a crash cut short is run again under the same number. */
    int attempt();

    /** The task's labels. */
    Map<String, String> labels();

    /** When the attempt reaches its time limit, see {@link TaskHandler#timeLimit()}; null for never. */
    @Nullable
    Instant deadline();

    /** The task that emitted this one; null for none. */
    @Nullable
    String parentId();

    /** The id of the first task of its workflow; its own id where it is the first. */
    String rootId();

    /**
     * The W3C {@code traceparent} of the task's record, to continue the trace with; null for none. Tasks that this one emits get it
     * automatically.
     */
    @Nullable
    String traceParent();

    /** A key that is the same for every attempt of this task; pass it to other systems so that they act once. */
    String idempotencyKey();

    /**
     * Publishes the task's progress with the state {@code STARTED}. It publishes at most twice a second, so call it as often as you
     * like. The last progress stays in the result. The message is published unchanged: put no {@link Secret} into it.
     *
     * @throws TimeLimitExceededException once, when the attempt has passed its time limit
     * @param done units finished, ≥ 0
     * @param total units there are in all; null when not known
     * @param message for people, cut after 4,096 characters; null for none
     */
    void progress(long done, @Nullable Long total, @Nullable String message);

    /**
     * Emits a task from within this one, on the same queue; see {@link #submit(String, Task)}.
     *
     * @return its id
     */
    String submit(Task task);

    /**
     * Emits a task from within this one. The task is sent at once, whatever the outcome of this attempt, and inherits the labels, the
     * root and the trace. If it has no id, its id is derived from this task's id and the number of tasks submitted before it: a
     * handler that is run again and submits the same tasks in the same order does not run them twice within the queue's
     * deduplication window. Waits while too many emitted tasks are not committed yet.
     *
     * @param queue of the task; a missing topic is created if {@code celeriac.worker.create-queues} is on, and refused otherwise
     * @return its id
     * @throws io.celeriac.contract.rule.InvalidTaskException when a rule forbids it
     * @throws IllegalArgumentException when it does not fit into a record
     * @throws TimeLimitExceededException once, when the attempt has passed its time limit
     * @throws IllegalStateException when the attempt has ended
     * @throws java.util.concurrent.CancellationException when the attempt was interrupted while it waited
     */
    String submit(String queue, Task task);

    /**
     * The results of the group before this task, from the argument that has them: a list, or a reference to one that is too large for the
     * task's record. Handlers that are methods have a parameter of type {@link GroupResults} in its place.
     *
     * @param argument of the task
     * @param type of a result
     * @throws io.celeriac.engine.handler.InvalidArgumentsException when the argument is something else, or of another workflow
     */
    <T> GroupResults<T> groupResults(JsonNode argument, Type type);

    /** Whether somebody has revoked the task and asked to terminate it. */
    boolean isRevoked();

    /** Whether the attempt has passed its time limit and will be given up if it does not end by itself. */
    boolean isTimedOut();

    /**
     * Whether the attempt should stop because it is revoked, past its time limit, or its partition leaves this worker. Long loops
     * should ask. A handler's return value is always its result, so a handler that stops half-way throws, best by
     * {@link #checkCancelled()}. A handler that throws anything after it was told that its partition leaves runs again at the next
     * owner, and has not used up an attempt.
     */
    boolean isCancelled();

    /**
     * Throws if {@link #isCancelled()}.
     *
     * @throws TimeLimitExceededException when the attempt has passed its time limit
     * @throws java.util.concurrent.CancellationException when it should stop for another reason
     */
    void checkCancelled();

    /**
     * Ends this attempt and asks for another: {@code throw context.retry(cause)}. This attempt counts as failed; after the last
     * attempt the task has failed. If neither the handler has a {@link Retry} nor the task a {@code maxAttempts}, there are
     * Celery's three retries.
     *
     * @param cause why, shown in the result
     */
    RuntimeException retry(Throwable cause);

    /**
     * As {@link #retry(Throwable)}, with the given delay in place of the backoff.
     *
     * @param delay until the next attempt, ≥ 0
     */
    RuntimeException retry(Throwable cause, Duration delay);
}
