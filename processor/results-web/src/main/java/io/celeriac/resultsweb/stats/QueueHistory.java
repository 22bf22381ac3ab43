package io.celeriac.resultsweb.stats;

import io.celeriac.results.depth.DepthSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How full a queue was in a span of time.
 *
 * @param from begin of the first step
 * @param to end of the last step
 * @param step length of a step
 * @param steps the earliest first
 */
public record QueueHistory(String queue, Instant from, Instant to, Duration step, List<Step> steps) {

    /**
     * The greatest numbers of a step's minutes.
     *
     * @param at its begin
     * @param ready tasks that could run and did not yet; null when it is not known
     * @param parked tasks that waited for a time, a retry, a handler or a trial; null when it is not known
     * @param running null when it is not known
     * @param oldestReadyAge seconds for which the oldest task had been ready; null for none, or when it is not known
     */
    public record Step(
            Instant at,
            @Nullable Long ready,
            @Nullable Long parked,
            @Nullable Long running,
            @Nullable Double oldestReadyAge) {}

    static QueueHistory of(String queue, Instant from, Duration step, List<DepthSample> samples) {
        var steps = new ArrayList<Step>();
        var at = from;
        for (var sample : samples) {
            var oldest = sample.oldestReady();
            steps.add(new Step(
                    at,
                    sample.ready(),
                    sample.parked(),
                    sample.running(),
                    oldest == null ? null : oldest.toMillis() / 1_000.0));
            at = at.plus(step);
        }
        return new QueueHistory(queue, from, at, step, steps);
    }
}
