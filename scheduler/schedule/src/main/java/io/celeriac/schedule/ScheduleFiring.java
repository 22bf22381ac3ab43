package io.celeriac.schedule;

import io.celeriac.schedule.rule.PlainText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a schedule's history: a run that was emitted, or runs in a row that were skipped for one reason.
 *
 * @param fireTime when it was due; of the first, when there are several
 * @param kind how it came about
 * @param taskId the task it emitted; null when skipped
 * @param fireUntil when the last was due; the same as {@code fireTime} when there is but one
 * @param runs how many it stands for, ≥ 1
 * @param reason why it was skipped, or what is to be said of it; null when there is nothing to say
 * @param emittedAt when that was decided, by the scheduler's clock
 */
public record ScheduleFiring(
        Instant fireTime,
        FiringKind kind,
        @Nullable String taskId,
        Instant fireUntil,
        long runs,
        @Nullable String reason,
        Instant emittedAt) {

    private static final int LONGEST_REASON = 1_000;

    static ScheduleFiring emitted(Instant fireTime, FiringKind kind, String taskId, Instant at) {
        return new ScheduleFiring(fireTime, kind, taskId, fireTime, 1, null, at);
    }

    static ScheduleFiring skipped(Instant first, Instant last, long runs, String reason, Instant at) {
        return new ScheduleFiring(
                first, FiringKind.SKIPPED, null, last, runs, PlainText.clipped(reason, LONGEST_REASON), at);
    }

    /** Whether there is a task for it. */
    public boolean isEmitted() {
        return kind != FiringKind.SKIPPED;
    }

    /** The same run, whose task somebody has sent already. */
    ScheduleFiring known() {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, runs, "its task was there already", emittedAt);
    }

    /** The same run, with something to be said of it. */
    ScheduleFiring because(String said) {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, runs, said, emittedAt);
    }

    /** The same lines, with one for those in a row that were skipped for the same reason. */
    static List<ScheduleFiring> merged(List<ScheduleFiring> lines) {
        var merged = new ArrayList<ScheduleFiring>();
        for (var line : lines) {
            var last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.isOneWith(line)) {
                merged.set(
                        merged.size() - 1,
                        skipped(
                                last.fireTime,
                                line.fireUntil,
                                last.runs + line.runs,
                                Objects.requireNonNull(line.reason),
                                line.emittedAt));
            } else {
                merged.add(line);
            }
        }
        return merged;
    }

    private boolean isOneWith(ScheduleFiring next) {
        return !isEmitted()
                && !next.isEmitted()
                && next.fireTime.isAfter(fireUntil)
                && Objects.equals(reason, next.reason);
    }

    /** The same run, not emitted after all. */
    ScheduleFiring skipped(String because) {
        return skipped(fireTime, fireUntil, runs, because, emittedAt);
    }
}
