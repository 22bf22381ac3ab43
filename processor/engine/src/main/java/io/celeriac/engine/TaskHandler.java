package io.celeriac.engine;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method that runs the tasks of a name.
 *
 * <p>The task's {@code args} are bound to the parameters by position, its {@code kwargs} by name (compile with
 * {@code -parameters}), each converted from JSON to the parameter's type. A parameter of type {@link TaskContext} gets
 * the running attempt; an {@code Optional} or {@code @Nullable} one may be left out. A single record parameter takes all
 * of {@code kwargs}, unless one of them has its name. Arguments that do not fit fail the task for good, with the reason.
 *
 * <p>What the method returns is the result, as JSON; a {@code CompletionStage} is waited for. What it throws fails the
 * attempt. It runs on a thread of the worker's own, may block, and may run more than once for the same task (after a
 * crash, or when it is retried): use {@link TaskContext#idempotencyKey()} towards others. Its log lines, and those of
 * {@link TaskListener}s, have {@code taskId}, {@code task}, {@code attempt}, {@code queue} and {@code rootId} in the MDC.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TaskHandler {

    /** Name of the tasks it runs, {@code [A-Za-z0-9_.:-]{1,255}}, once per worker. */
    String value();

    /**
     * Other names of tasks that it runs too: the former name of a task that was renamed, as tasks under that name may still be parked or
     * on the topic. Limits count all its names together, and {@code celeriac.worker.handler.<name>} and redaction rules go by
     * {@link #value()}.
     */
    String[] aliases() default {};

    /**
     * What happens after a failed attempt; default: the task has failed, unless the handler has asked for another attempt.
     * {@code retry = @Retry} gives Celery's defaults.
     */
    Retry retry() default @Retry(maxAttempts = Retry.UNDECLARED);

    /**
     * ISO-8601 duration such as {@code PT30S}: Celery's soft time limit. An attempt longer than this is interrupted, and the
     * methods of its {@link TaskContext} throw {@link TimeLimitExceededException}; unless it returns nevertheless, it fails with
     * {@code TimeLimitExceeded}. Empty for no limit.
     */
    String timeLimit() default "";

    /**
     * ISO-8601 duration not shorter than {@link #timeLimit()}: an attempt that has not come back by then is given up, and fails with
     * {@code TimeLimitExceeded} whatever it does. A task with a time limit of its own is given as much time beyond it. Empty for
     * {@code celeriac.worker.time-limit-grace} after {@link #timeLimit()}.
     */
    String hardTimeLimit() default "";

    /**
     * The most of its tasks that one worker runs at once; 0 for as many as the worker runs of all. Set for one installation by
     * {@code celeriac.worker.handler.<name>.concurrency}.
     */
    int concurrency() default 0;

    /**
     * How often one worker begins with one of its tasks, in Celery's notation: {@code 10/s}, {@code 100/m}, {@code 5/h}. Evenly
     * spaced: {@code 100/m} is one every 600 ms. Empty for no limit. Set for one installation by
     * {@code celeriac.worker.handler.<name>.rate-limit}.
     */
    String rateLimit() default "";

    /**
     * Whether what the method returns is secret: the next step of a workflow gets it, and everybody else {@code "[secret]"}. In
     * the arguments of that step it is secret as well, whatever its handler says. Secret arguments: {@link Secret}.
     */
    boolean secretResult() default false;

    /** Whether all arguments and the result are secret: each parameter is {@link Secret}, and {@link #secretResult()}. */
    boolean secret() default false;
}
