package io.celeriac.engine.handler;

import io.celeriac.contract.control.RateLimit;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a handler on one worker. A task that they hold back does not hold back others.
 *
 * @param concurrency the most attempts at once, ≥ 1; null for no limit but the worker's
 * @param rate how often an attempt may begin; null for any
 */
public record HandlerLimits(
        @Nullable Integer concurrency, @Nullable RateLimit rate) {

    /** No limit but the worker's. */
    public static final HandlerLimits NONE = new HandlerLimits(null, null);

    public HandlerLimits {
        if (concurrency != null && concurrency < 1) {
            throw new IllegalArgumentException("concurrency of a handler must be at least 1, but is " + concurrency);
        }
    }

    /** Whether there are no limits. */
    public boolean areNone() {
        return concurrency == null && rate == null;
    }

    /** These limits, replaced by others where those are set. */
    public HandlerLimits overriddenBy(HandlerLimits others) {
        return new HandlerLimits(
                others.concurrency == null ? concurrency : others.concurrency,
                others.rate == null ? rate : others.rate);
    }
}
