package io.celeriac.engine.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the stream thread run a partition's pass. It fires only as often as there is a reason to, as each time makes Streams commit.
 * Belongs to the stream thread.
 */
final class Tick {

    /** Fires with every pass of the thread; it is the shortest interval that Streams accepts. */
    static final Duration BUSY = Duration.ofMillis(1);

    static final Duration IDLE = Duration.ofSeconds(1);

    private static final Duration LINGER = Duration.ofMillis(200);

    private final ProcessorContext<?, ?> context;
    private final Runnable pass;
    private final Duration commitInterval;
    private final InstantSource clock;
    private @Nullable Cancellable scheduled;
    private @Nullable Duration interval;
    private @Nullable Instant calmSince; // set while it fires more often than it was last asked to

    Tick(ProcessorContext<?, ?> context, Runnable pass, Duration commitInterval, InstantSource clock) {
        this.context = context;
        this.pass = pass;
        this.commitInterval = commitInterval.compareTo(BUSY) < 0 ? BUSY : commitInterval;
        this.clock = clock;
    }

    boolean isScheduled() {
        return scheduled != null;
    }

    /** The interval that makes Streams commit as often as it may. */
    Duration commit() {
        return commitInterval;
    }

    /** Whether it fires with every pass of the thread. */
    boolean isBusy() {
        return BUSY.equals(interval);
    }

    /**
     * Sets the interval. The tick becomes slower only after a while, as a change costs more than some idle passes.
     *
     * @param newInterval null for never
     */
    void every(@Nullable Duration newInterval) {
        if (newInterval == null ? interval == null : newInterval.equals(interval)) {
            calmSince = null;
        } else if (!isSlower(newInterval) || hasBeenCalm()) {
            change(newInterval);
        }
    }

    private boolean isSlower(@Nullable Duration newInterval) {
        return interval != null && (newInterval == null || newInterval.compareTo(interval) > 0);
    }

    private boolean hasBeenCalm() {
        var now = clock.instant();
        if (calmSince == null) {
            calmSince = now;
        }
        return !now.isBefore(calmSince.plus(LINGER));
    }

    private void change(@Nullable Duration newInterval) {
        calmSince = null;
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
        }
        interval = newInterval;
        if (newInterval != null) {
            scheduled = context.schedule(newInterval, PunctuationType.WALL_CLOCK_TIME, started -> pass.run());
        }
    }
}
