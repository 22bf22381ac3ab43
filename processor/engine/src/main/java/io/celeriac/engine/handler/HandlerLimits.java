package io.celeriac.engine.handler;

import org.jspecify.annotations.Nullable;

/**
 * How much of a handler's work one worker does at a time. What is held back by it holds nothing else back.
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

    /** Whether there is none. */
    public boolean areNone() {
        return concurrency == null && rate == null;
    }

    /** These, where others do not say otherwise. */
    public HandlerLimits overriddenBy(HandlerLimits others) {
        return new HandlerLimits(
                others.concurrency == null ? concurrency : others.concurrency,
                others.rate == null ? rate : others.rate);
    }
}
