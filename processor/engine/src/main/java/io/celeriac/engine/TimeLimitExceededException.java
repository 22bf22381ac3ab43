package io.celeriac.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of an attempt has passed: Celery's {@code SoftTimeLimitExceeded}. Thrown by the methods of {@link TaskContext};
 * a handler that catches it may clean up and return what it has, until the attempt is given up at its hard limit. In
 * {@link Retry#on()} and {@link Retry#giveUpOn()} it stands for all attempts that have failed past their limit, whatever they threw.
 */
public final class TimeLimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param deadline that has passed
     * @param cause what came of the interrupt; null for nothing
     */
    public TimeLimitExceededException(@Nullable Instant deadline, @Nullable Throwable cause) {
        super("ran past its deadline " + deadline, cause);
    }
}
