package io.celeriac.schedule.firing;

import java.time.Instant;

/**
 * How far {@link TaskStates} is behind what was sent. Before a missed firing is told as skipped, it has to be certain that no scheduler
 * sent it and died before it could write that down.
 */
@FunctionalInterface
public interface ResultsHorizon {

    /** For programs whose {@link TaskStates} will never know more. */
    ResultsHorizon NONE = (queue, asked, now) -> true;

    /**
     * Whether all that the broker had in a queue at an instant is known by now. Asked within the transaction that claims schedules; false
     * when it cannot be told.
     *
     * @param asked that instant, by the clock of the database
     * @param now by the same clock
     */
    boolean isPassed(String queue, Instant asked, Instant now);
}
