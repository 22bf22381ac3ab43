package io.celeriac.engine;

import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The running attempt, as its handler sees it. Safe for use by several threads, also after the attempt has ended, when it
 * no longer changes anything.
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

    /** The first task of its workflow: its own id where it is the first. */
    String rootId();

    /**
     * The W3C {@code traceparent} that the task's record brought, to continue the trace with; null for none. Tasks that this one
     * emits carry it on by themselves.
     */
    @Nullable
    String traceParent();

    /** The same for every run of this task, whatever its attempt: what to give to others so that they act once. */
    String idempotencyKey();

    /**
     * Publishes how far the task has come, as {@code STARTED} with the progress; at most twice a second, so call it as
     * often as you like. The last one stays in the result. It is published as it is: put no {@link Secret} into it.
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
     * Emits a task from within this one. It is sent at once, whatever becomes of this attempt, and takes over the labels, the
     * root and the trace. Its id is its own, else it comes from this task's id and from how many were submitted before it:
     * a handler that is run again and submits the same tasks in the same order does not run them twice, as long as the
     * queue's deduplication window lasts. Waits while the worker is behind with sending.
     *
     * @param queue where to; without a topic it is created if {@code celeriac.worker.create-queues} is on, and refused otherwise
     * @return its id
     * @throws io.celeriac.contract.rule.InvalidTaskException when a rule forbids it
     * @throws IllegalArgumentException when it does not fit into a record
     * @throws TimeLimitExceededException once, when the attempt has passed its time limit
     * @throws IllegalStateException when the attempt has ended
     * @throws java.util.concurrent.CancellationException when the attempt was interrupted while it waited
     */
    String submit(String queue, Task task);

    /** Whether somebody has revoked the task, and asked to terminate it. */
    boolean isRevoked();

    /** Whether the attempt has passed its time limit, and will be given up if it does not end by itself. */
    boolean isTimedOut();

    /**
     * Whether the attempt should stop: revoked, past its time limit, or its worker is going. Long loops ask. What a handler
     * returns is its result in any case, so one that stops half-way throws, best by {@link #checkCancelled()}. One that throws
     * anything after it was told that its worker is going runs again on another, and has not used up an attempt.
     */
    boolean isCancelled();

    /**
     * Returns unless {@link #isCancelled()}.
     *
     * @throws TimeLimitExceededException when the attempt has passed its time limit
     * @throws java.util.concurrent.CancellationException when it should stop for another reason
     */
    void checkCancelled();

    /**
     * Ends this attempt and asks for another: {@code throw context.retry(cause)}. Counts as a failed attempt; after the
     * last the task has failed. Where neither the handler has a {@link Retry} nor the task a {@code maxAttempts}, there are
     * Celery's three retries.
     *
     * @param cause why, shown in the result
     */
    RuntimeException retry(Throwable cause);

    /**
     * As {@link #retry(Throwable)}, after a delay of one's own.
     *
     * @param delay until the next attempt, ≥ 0
     */
    RuntimeException retry(Throwable cause, Duration delay);
}
