package io.celeriac.engine.attempt;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown by a handler that asks for another attempt. */
final class RetryRequest extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration delay;

    RetryRequest(Throwable cause, @Nullable Duration delay) {
        super("asks for another attempt: " + cause, cause);
        this.delay = delay;
    }

    @Nullable
    Duration delay() {
        return delay;
    }

    Throwable reason() {
        return Objects.requireNonNull(getCause());
    }
}
