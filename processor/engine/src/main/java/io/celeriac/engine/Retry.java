package io.celeriac.engine;

import io.celeriac.contract.task.Backoff;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says when another attempt follows a failed one. A task's own {@code maxAttempts} and {@code backoff} take precedence. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({})
public @interface Retry {

    /** The {@link #maxAttempts()} of a handler that has declared none. */
    int UNDECLARED = 0;

    /**
     * Attempts in all, ≥ 1. Default 4: the first and Celery's three retries. {@link #UNDECLARED} means one, or four if the handler
     * asks for more by {@link TaskContext#retry(Throwable)}.
     */
    int maxAttempts() default 4;

    /** How the delay grows. */
    Backoff.Kind backoff() default Backoff.Kind.EXPONENTIAL;

    /** Delay after the first attempt, ISO-8601. */
    String delay() default "PT1S";

    /** The longest delay, ISO-8601. */
    String maxDelay() default "PT10M";

    /** Full jitter: evenly distributed between zero and the delay. */
    boolean jitter() default true;

    /** Only these exceptions, and their subclasses, are retried. */
    Class<? extends Throwable>[] on() default {Exception.class};

    /** These exceptions, and their subclasses, fail the task at once, whatever {@link #on()} says. */
    Class<? extends Throwable>[] giveUpOn() default {};
}
