package io.celeriac.results.depth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How full a queue was. Of several minutes each number is the greatest.
 *
 * @param ready tasks that could run and did not yet; null when it is not known
 * @param parked tasks that waited for a time, a retry, a handler or a trial; null when it is not known
 * @param running null when it is not known
 * @param oldestReady how long the oldest task had been ready; null for none, or when it is not known
 */
public record DepthSample(
        @Nullable Long ready,
        @Nullable Long parked,
        @Nullable Long running,
        @Nullable Duration oldestReady) {

    /** Nothing is known. */
    public static final DepthSample UNKNOWN = new DepthSample(null, null, null, null);
}
