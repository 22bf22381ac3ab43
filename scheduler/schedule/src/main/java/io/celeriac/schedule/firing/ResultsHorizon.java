package io.celeriac.schedule.firing;

import java.time.Instant;

/**
 * Tells how far the results are behind the tasks that were sent. A missed firing is recorded as skipped only when it is certain that no
 * scheduler sent it and died before its commit.
 */
@FunctionalInterface
public interface ResultsHorizon {

    /** For programs without results: waiting for them would not help. */
    ResultsHorizon NONE = (queue, asked, now) -> true;

    /**
     * Whether {@link TaskStates} knows all tasks that the broker had in a queue at an instant; false if unknown. Called within the
     * transaction that claims schedules.
     *
     * @param asked the instant, by the clock of the database
     * @param now by the same clock
     */
    boolean isPassed(String queue, Instant asked, Instant now);
}
