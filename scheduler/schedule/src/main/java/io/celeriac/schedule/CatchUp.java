package io.celeriac.schedule;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.schedule.rule.InvalidScheduleException;
import java.time.Duration;

/**
 * What happens to missed firings; {@code FiringPlanner} does it. A firing is missed if no scheduler ran, or the schedule was paused, when it was due. A skipped firing
 * is in the history, with the reason.
 *
 * @param policy which of the missed firings fire late
 * @param window every policy skips a firing that is missed by more than this
 */
public record CatchUp(CatchUpPolicy policy, Duration window) {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** The default: the last missed firing, if it is at most a year late. */
    public static final CatchUp DEFAULT = new CatchUp(CatchUpPolicy.LAST, Duration.ofDays(365));

    public CatchUp {
        if (window.isNegative() || window.compareTo(LONGEST) > 0) {
            throw new InvalidScheduleException(
                    "catchUpWindow", "must be from PT0S to " + LONGEST + ", but is " + window);
        }
    }
}
