package io.celeriac.engine.handler;

import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.Retry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether and when another attempt follows a failed one; {@link Backoff#after} computes the delay. A pure function.
 *
 * @param maxAttempts in all, ≥ 1; null for one, or four if the handler asks for more
 * @param backoff the delay between attempts
 * @param on exceptions that are retried
 * @param giveUpOn exceptions that are not retried, whatever {@code on} says
 */
public record RetryPolicy(
        @Nullable Integer maxAttempts,
        Backoff backoff,
        List<Class<? extends Throwable>> on,
        List<Class<? extends Throwable>> giveUpOn) {

    /** The first attempt is the last, unless the handler asks for more. */
    public static final RetryPolicy NONE = new RetryPolicy(null, Backoff.DEFAULT, List.of(Exception.class), List.of());

    /** The attempts of a handler that asks for a retry and has declared none: Celery's {@code max_retries = 3}. */
    private static final int ATTEMPTS_WHEN_ASKED_FOR = 4;

    public RetryPolicy {
        if (maxAttempts != null && maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, but is " + maxAttempts);
        }
        on = List.copyOf(on);
        giveUpOn = List.copyOf(giveUpOn);
    }

    static RetryPolicy of(Retry retry) {
        var backoff = new Backoff(
                retry.backoff(), Duration.parse(retry.delay()), Duration.parse(retry.maxDelay()), retry.jitter());
        var maxAttempts = retry.maxAttempts() == Retry.UNDECLARED ? null : retry.maxAttempts();
        return new RetryPolicy(maxAttempts, backoff, List.of(retry.on()), List.of(retry.giveUpOn()));
    }

    /** This policy, with the task's own settings in place of its own. */
    public RetryPolicy overriddenBy(Task task) {
        if (task.maxAttempts() == null && task.backoff() == null) {
            return this;
        }
        return new RetryPolicy(
                task.maxAttempts() == null ? maxAttempts : task.maxAttempts(),
                task.backoff() == null ? backoff : task.backoff(),
                on,
                giveUpOn);
    }

    /**
     * The delay until the next attempt, or none when this was the last.
     *
     * @param attempt number of the one that failed, from 1
     */
    public Optional<Duration> after(int attempt, Throwable failure, RandomGenerator random) {
        if (attempt >= limit(1) || !isAny(on, failure) || isAny(giveUpOn, failure)) {
            return Optional.empty();
        }
        return Optional.of(backoff.after(attempt, random));
    }

    /** As {@link #after}, but whatever the exception, because the handler has asked for the attempt. */
    public Optional<Duration> afterAsking(int attempt, RandomGenerator random) {
        return attempt >= limit(ATTEMPTS_WHEN_ASKED_FOR)
                ? Optional.empty()
                : Optional.of(backoff.after(attempt, random));
    }

    private int limit(int undeclared) {
        return maxAttempts == null ? undeclared : maxAttempts;
    }

    private static boolean isAny(List<Class<? extends Throwable>> types, Throwable failure) {
        return types.stream().anyMatch(type -> type.isInstance(failure));
    }
}
