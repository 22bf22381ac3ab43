package io.celeriac.schedule.backfill;

import io.celeriac.contract.task.Task;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.backfill.FiringRequest.Progress;
import io.celeriac.schedule.backfill.FiringRequest.State;
import io.celeriac.schedule.firing.Plan;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The next firings of a request.
 *
 * @param request as it was claimed
 * @param schedule the schedule that fires
 * @param firings the lines for the history
 * @param known ids of tasks to emit that exist already
 * @param nextFireAt fire time of the firing after the plan; null if there is none
 */
public record FiringRequestPlan(
        FiringRequest request,
        StoredSchedule schedule,
        List<ScheduleFiring> firings,
        Set<String> known,
        @Nullable Instant nextFireAt)
        implements Plan<FiringRequestPlan> {

    public FiringRequestPlan {
        firings = List.copyOf(firings);
    }

    @Override
    public List<ScheduleFiring> toSend() {
        return firings.stream()
                .filter(firing -> firing.isEmitted() && !known.contains(firing.taskId()))
                .toList();
    }

    @Override
    public List<String> toRevoke() {
        return List.of();
    }

    /** The task of a firing. Its expiry counts from now, since the fire time may be long past. */
    @Override
    public Task task(ScheduleFiring firing) {
        return schedule.task(Objects.requireNonNull(firing.taskId()), firing.fireTime(), firing.emittedAt());
    }

    @Override
    public FiringRequestPlan skipping(ScheduleFiring firing, String reason) {
        var told = firings.stream()
                .map(each -> each.equals(firing) ? firing.skipped(reason) : each)
                .toList();
        return new FiringRequestPlan(request, schedule, told, known, nextFireAt);
    }

    /** The request after the plan. */
    FiringRequest after(Instant now) {
        var before = request.progress();
        var emitted = firings.stream().filter(ScheduleFiring::isEmitted).toList();
        var last = emitted.isEmpty() ? null : emitted.get(emitted.size() - 1);
        var progress = new Progress(
                nextFireAt == null ? State.DONE : State.ACTIVE,
                before.total(),
                before.emitted() + emitted.size(),
                before.skipped() + firings.size() - emitted.size(),
                nextFireAt,
                last == null ? before.lastTaskId() : last.taskId(),
                last == null ? before.lastEmittedAt() : now,
                null,
                nextFireAt == null ? now : null);
        return request.at(progress, now.plus(pause(emitted.size())));
    }

    /** The time until the next firings. Skipped ones take none. */
    private Duration pause(int emitted) {
        return request.oneByOne()
                ? Duration.ZERO
                : Duration.ofNanos(1_000_000_000L * emitted / request.pace().perSecond());
    }
}
