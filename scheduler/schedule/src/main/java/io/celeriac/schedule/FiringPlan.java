package io.celeriac.schedule;

import io.celeriac.schedule.StoredSchedule.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about one schedule that is due.
 *
 * @param schedule as it was claimed
 * @param firings what goes into its history: runs to emit, oldest first, and runs to skip
 * @param nextFireAt the run after those; null when there is none any more
 */
public record FiringPlan(
        StoredSchedule schedule,
        List<ScheduleFiring> firings,
        @Nullable Instant nextFireAt) {

    public FiringPlan {
        firings = List.copyOf(firings);
    }

    /** The runs to emit, oldest first. */
    public List<ScheduleFiring> emitted() {
        return firings.stream()
                .filter(firing -> firing.kind() != FiringKind.SKIPPED)
                .toList();
    }

    /** The same plan, with a run skipped that can never be emitted. */
    public FiringPlan skipping(ScheduleFiring firing, String reason) {
        return new FiringPlan(
                schedule,
                firings.stream()
                        .map(each -> each.equals(firing) ? firing.skipped(reason) : each)
                        .toList(),
                nextFireAt);
    }

    /** Where the schedule stands once the plan is carried out. */
    Progress progress() {
        var before = schedule.progress();
        var emitted = emitted();
        var last = emitted.isEmpty()
                ? before.lastFireAt()
                : emitted.get(emitted.size() - 1).fireTime();
        return new Progress(nextFireAt, last, before.totalFires() + emitted.size());
    }

    /** How often the schedule may fire after that; null for ever. */
    @Nullable
    Long remaining() {
        var remaining = schedule.schedule().remaining();
        return remaining == null
                ? null
                : Long.valueOf(Objects.requireNonNull(remaining) - emitted().size());
    }
}
