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
 * A line of a schedule's history: one emitted firing, or consecutive firings skipped for one reason.
 *
 * @param fireTime fire time of the firing, or of the first one
 * @param kind why it was emitted, or that it was skipped
 * @param taskId the task it emitted; null when skipped
 * @param fireUntil fire time of the last firing; equals {@code fireTime} if there is only one
 * @param count how many firings it stands for, ≥ 1
 * @param reason why it was skipped, or a remark; null for none
 * @param emittedAt when a scheduler decided this, by its clock
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

    /** The firings that were due when a person changed the rule. They are skipped. */
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

    /** Whether the firing has a task. */
    public boolean isEmitted() {
        return kind != FiringKind.SKIPPED;
    }

    /** The same firing, with the remark that its task exists already. */
    public ScheduleFiring known() {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, count, "its task was there already", emittedAt);
    }

    /** The same firing, with a remark. */
    public ScheduleFiring because(String said) {
        return new ScheduleFiring(fireTime, kind, taskId, fireUntil, count, said, emittedAt);
    }

    /** The same lines, where consecutive firings that were skipped for one reason share a line. */
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

    /** The same firing, skipped instead of emitted. */
    public ScheduleFiring skipped(String because) {
        return skipped(fireTime, fireUntil, count, because, emittedAt);
    }
}
