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
 * <p>The method's return value is the result, as JSON; a {@code CompletionStage} is waited for. Any exception fails the
 * attempt. The method runs on one of the worker's threads, may block, and may run more than once for the same task (after a
 * crash, or when it is retried): pass {@link TaskContext#idempotencyKey()} to other systems. Its log lines, and those of
 * {@link TaskListener}s, have {@code taskId}, {@code task}, {@code attempt}, {@code queue} and {@code rootId} in the MDC.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface TaskHandler {

    /** Name of the tasks it runs, {@code [A-Za-z0-9_.:-]{1,255}}, unique in the worker. */
    String value();

    /**
     * Other names of tasks that it runs too, such as the former name of a renamed task: tasks under that name may still be parked or on
     * the topic. Limits count all names together. {@code celeriac.worker.handler.<name>} and redaction rules use {@link #value()}.
     */
    String[] aliases() default {};

    /**
     * What happens after a failed attempt. By default the task has failed, unless the handler has asked for another attempt.
     * {@code retry = @Retry} gives Celery's defaults.
     */
    Retry retry() default @Retry(maxAttempts = Retry.UNDECLARED);

    /**
     * ISO-8601 duration such as {@code PT30S}: Celery's soft time limit. An attempt that takes longer is interrupted, and the methods
     * of its {@link TaskContext} throw {@link TimeLimitExceededException}. It fails with {@code TimeLimitExceeded}, unless it returns
     * nevertheless. Empty for no limit.
     */
    String timeLimit() default "";

    /**
     * ISO-8601 duration not shorter than {@link #timeLimit()}. An attempt that has not ended by then is given up and fails with
     * {@code TimeLimitExceeded}, whatever it does. A task with a time limit of its own gets the same extra time after that limit. Empty
     * for {@code celeriac.worker.time-limit-grace} after {@link #timeLimit()}.
     */
    String hardTimeLimit() default "";

    /**
     * The most tasks of this handler that one worker runs at once; 0 for no limit but the worker's own. An installation overrides it by
     * {@code celeriac.worker.handler.<name>.concurrency}.
     */
    int concurrency() default 0;

    /**
     * How often one worker starts a task of this handler, in Celery's notation: {@code 10/s}, {@code 100/m}, {@code 5/h}. Starts are
     * evenly spaced: {@code 100/m} is one every 600 ms. Empty for no limit. An installation overrides it by
     * {@code celeriac.worker.handler.<name>.rate-limit}.
     */
    String rateLimit() default "";

    /**
     * Whether the result is secret: the next step of a workflow gets it, and everybody else gets {@code "[secret]"}. It is also secret
     * in the arguments of that step, whatever the step's handler says. For secret arguments, see {@link Secret}.
     */
    boolean secretResult() default false;

    /** Whether all arguments and the result are secret: each parameter is {@link Secret}, and {@link #secretResult()}. */
    boolean secret() default false;
}
