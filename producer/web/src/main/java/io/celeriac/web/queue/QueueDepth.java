package io.celeriac.web.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How full a queue is at a moment.
 *
 * @param ready tasks that could run and do not yet; null when it is not known
 * @param parked tasks that wait for a time, a retry, a handler or a trial; null when it is not known
 * @param running null when it is not known
 * @param oldestReady how long the oldest task has been ready; null for none, or when it is not known
 */
public record QueueDepth(
        String queue,
        @Nullable Long ready,
        @Nullable Long parked,
        @Nullable Long running,
        @Nullable Duration oldestReady) {

    /** Whether nothing is known. */
    public boolean isUnknown() {
        return ready == null && parked == null && running == null && oldestReady == null;
    }

    /** Whether all numbers are known. */
    public boolean isKnown() {
        return ready != null && parked != null && running != null;
    }
}
