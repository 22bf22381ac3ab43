package io.celeriac.schedule;

import io.celeriac.schedule.rule.InvalidScheduleException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What becomes of a firing that falls due while an earlier one of its schedule has not ended. An earlier one has ended when its
 * result says so in {@code task_result}; firings that a person asked for count as well. A firing that is skipped is in the history with
 * the reason.
 */
public enum Overlap {
    /** It is emitted: firings may overlap. */
    ALLOW,
    /** It is skipped. */
    SKIP,
    /** It waits until the earlier one has ended. One may wait; the next that falls due is skipped. */
    BUFFER_ONE,
    /** The earlier one is revoked, and terminated where it runs; this one waits until that has ended. */
    CANCEL_OTHER;

    /** The word for it in JSON and in the table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @throws InvalidScheduleException when there is no such policy
     */
    public static Overlap of(String word) {
        return Arrays.stream(values())
                .filter(policy -> policy.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidScheduleException(
                        "overlap",
                        "must be one of "
                                + Arrays.stream(values()).map(Overlap::word).toList() + ", but is \"" + word + '"'));
    }
}
