package io.celeriac.engine.outcome;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown by a handler that asks for another attempt. */
public final class RetryRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration delay;

    public RetryRequest(Throwable cause, @Nullable Duration delay) {
        super("asks for another attempt: " + cause, cause);
        this.delay = delay;
    }

    @Nullable
    public Duration delay() {
        return delay;
    }

    Throwable reason() {
        return Objects.requireNonNull(getCause());
    }
}
