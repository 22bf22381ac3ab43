package io.celeriac.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of an attempt has passed: Celery's {@code SoftTimeLimitExceeded}. The methods of {@link TaskContext} throw it. A
 * handler that catches it may clean up and return what it has, until the attempt is given up at its hard limit. {@link Retry#on()}
 * and {@link Retry#giveUpOn()} see this exception for every attempt that failed past its limit, whatever the attempt threw.
 */
public final class TimeLimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param deadline that has passed
     * @param cause the exception that the interrupt led to; null for none
     */
    public TimeLimitExceededException(@Nullable Instant deadline, @Nullable Throwable cause) {
        super("ran past its deadline " + deadline, cause);
    }
}
