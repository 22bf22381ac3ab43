package io.celeriac.schedule.history;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.rule.PlainText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of a schedule's history: a firing that was emitted, or firings in a row that were skipped for one reason.
 *
 * @param fireTime when it was due; of the first, when there are several
 * @param kind how it came about
 * @param taskId the task it emitted; null when skipped
 * @param fireUntil when the last was due; the same as {@code fireTime} when there is but one
 * @param count how many firings it stands for, ≥ 1
 * @param reason why it was skipped, or what is to be said of it; null when there is nothing to say
 * @param emittedAt when that was decided, by the scheduler's clock
 */
public record ScheduleFiring(
        Instant fireTime,
        FiringKind kind,
        @Nullable String taskId,
        Instant fireUntil,
        long count,
        @Nullable String reason,
        Instant emittedAt) {

    private static final int LONGEST_REASON = 1_000;

    public static ScheduleFiring emitted(Instant fireTime, FiringKind kind, String taskId, Instant at) {
        return new ScheduleFiring(fireTime, kind, taskId, fireTime, 1, null, at);
    }

    public static ScheduleFiring skipped(Instant first, Instant last, long count, String reason, Instant at) {
        return new ScheduleFiring(
                first, FiringKind.SKIPPED, null, last, count, PlainText.clipped(reason, LONGEST_REASON), at);
    }

    /** The firings that were due when a person changed the rule, if there were any: they are not emitted. */
    public static Optional<ScheduleFiring> overtaken(StoredSchedule before, Instant now) {
        var due = before.progress().nextFireAt();
        if (due == null || due.isAfter(now)) {
            return Optional.empty();
        }
        var table = before.timetable();
        var last = table.last(due, now);
        return Optional.of(
                skipped(due, last, table.count(due, last), "the schedule was changed while this was due", now));
    }

    /** Whether there is a task for it. */
    public boolean isEmitted() {
        return kind != FiringKind.SKIPPED;
    }

    /** The same firing, whose task somebody has sent already. */
    public ScheduleFiring known() {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, count, "its task was there already", emittedAt);
    }

    /** The same firing, with something to be said of it. */
    public ScheduleFiring because(String said) {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, count, said, emittedAt);
    }

    /** The same lines, with one for those in a row that were skipped for the same reason. */
    public static List<ScheduleFiring> merged(List<ScheduleFiring> lines) {
        var merged = new ArrayList<ScheduleFiring>();
        for (var line : lines) {
            var last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && last.isOneWith(line)) {
                merged.set(
                        merged.size() - 1,
                        skipped(
                                last.fireTime,
                                line.fireUntil,
                                last.count + line.count,
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

    /** The same firing, not emitted after all. */
    public ScheduleFiring skipped(String because) {
        return skipped(fireTime, fireUntil, count, because, emittedAt);
    }
}
