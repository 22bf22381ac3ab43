package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The wait before the next attempt: a function of the attempt that failed.
 *
 * @param kind how the delay grows; default {@link Kind#EXPONENTIAL}
 * @param delay after the first attempt, &gt; 0; default one second
 * @param maxDelay upper limit of the delay; default ten minutes, as Celery's {@code retry_backoff_max}
 * @param jitter full jitter: evenly distributed between zero and the delay, so that tasks which failed together do not
 *     come back together; default true
 */
public record Backoff(Kind kind, Duration delay, Duration maxDelay, boolean jitter) {

    /** One second, doubled each time up to ten minutes, with full jitter: Celery's {@code retry_backoff=True}. */
    public static final Backoff DEFAULT =
            new Backoff(Kind.EXPONENTIAL, Duration.ofSeconds(1), Duration.ofMinutes(10), true);

    /** How the delay grows with the attempts. */
    public enum Kind {
        /** Always the same. */
        @JsonProperty("fixed")
        FIXED,
        /** The delay times the attempt's number. */
        @JsonProperty("linear")
        LINEAR,
        /** Doubled after each attempt. */
        @JsonProperty("exponential")
        EXPONENTIAL
    }

    public Backoff {
        TaskRules.duration("delay", delay);
        TaskRules.duration("maxDelay", maxDelay);
        if (maxDelay.compareTo(delay) < 0) {
            throw new InvalidTaskException("maxDelay", "must not be shorter than delay");
        }
    }

    @com.fasterxml.jackson.annotation.JsonCreator
    static Backoff of(
            @JsonProperty("kind") @Nullable Kind kind,
            @JsonProperty("delay") @Nullable Duration delay,
            @JsonProperty("maxDelay") @Nullable Duration maxDelay,
            @JsonProperty("jitter") @Nullable Boolean jitter) {
        var first = delay == null ? DEFAULT.delay : delay;
        var longest = maxDelay != null ? maxDelay : first.compareTo(DEFAULT.maxDelay) > 0 ? first : DEFAULT.maxDelay;
        return new Backoff(kind == null ? DEFAULT.kind : kind, first, longest, jitter == null || jitter);
    }

    /**
     * The wait between an attempt and the next.
     *
     * @param attempt number of the attempt that failed, from 1
     * @param random used only with {@link #jitter()}
     * @return from zero to {@link #maxDelay()}
     */
    public Duration after(int attempt, RandomGenerator random) {
        var millis = Math.min(maxDelay.toMillis(), grown(attempt));
        return Duration.ofMillis(jitter ? random.nextLong(millis + 1) : millis);
    }

    private long grown(int attempt) {
        var first = Math.max(1, delay.toMillis());
        return switch (kind) {
            case FIXED -> first;
            case LINEAR -> first > Long.MAX_VALUE / attempt ? Long.MAX_VALUE : first * attempt;
            case EXPONENTIAL -> attempt > Long.numberOfLeadingZeros(first) ? Long.MAX_VALUE : first << (attempt - 1);
        };
    }
}
