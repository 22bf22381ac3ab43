package io.celeriac.schedule;

import io.celeriac.schedule.rule.InvalidScheduleException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What happens to missed firings. A firing is missed if no scheduler ran, or the schedule was paused, when it was due. A skipped firing
 * is in the history, with the reason.
 *
 * @param policy which of the missed firings fire late
 * @param window every policy skips a firing that is missed by more than this
 */
public record CatchUp(Policy policy, Duration window) {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** The default: the last missed firing, if it is at most a year late. */
    public static final CatchUp DEFAULT = new CatchUp(Policy.LAST, Duration.ofDays(365));

    public CatchUp {
        if (window.isNegative() || window.compareTo(LONGEST) > 0) {
            throw new InvalidScheduleException(
                    "catchUpWindow", "must be from PT0S to " + LONGEST + ", but is " + window);
        }
    }

    /** Which of the missed firings fire late. */
    public enum Policy {
        /** None of them. */
        NONE,
        /** The last one, in place of all. */
        LAST,
        /** Each of them, oldest first. */
        ALL;

        /** The word for it in JSON and in the table. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * @throws InvalidScheduleException when there is no such policy
         */
        public static Policy of(String word) {
            return Arrays.stream(values())
                    .filter(policy -> policy.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new InvalidScheduleException(
                            "catchUp", "must be one of " + words() + ", but is \"" + word + '"'));
        }

        private static List<String> words() {
            return Arrays.stream(values()).map(Policy::word).toList();
        }
    }
}
