package io.celeriac.schedule.backfill;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.firing.TaskStates;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides which firings of a request come next. */
final class FiringRequestPlanner {

    /** How soon a scheduler looks again at a request. One plan has the firings of that time. */
    static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private static final String FIRED = "there was a firing of this fire time already";

    private final TaskStates states;
    private final FiringRepository history;

    FiringRequestPlanner(TaskStates states, FiringRepository history) {
        this.states = states;
        this.history = history;
    }

    FiringRequestPlan plan(FiringRequest request, StoredSchedule schedule, Instant now) {
        var fireTimes = new ArrayList<Instant>();
        var next = Optional.ofNullable(request.progress().nextFireAt());
        var table = schedule.schedule()
                .timing()
                .backTo(schedule.created().at(), request.range().from());
        while (next.isPresent() && fireTimes.size() < atOnce(request)) {
            fireTimes.add(next.get());
            next = request.kind() == FiringKind.MANUAL
                    ? Optional.empty()
                    : table.next(next.get())
                            .filter(fireTime ->
                                    fireTime.isBefore(request.range().to()));
        }
        var known = states.of(fireTimes.stream().map(request::taskId).toList()).keySet();
        var fired = fired(request, fireTimes);
        var firings = fireTimes.stream()
                .map(fireTime -> firing(request, fireTime, known, fired, now))
                .toList();
        return new FiringRequestPlan(request, schedule, firings, Set.copyOf(known), next.orElse(null));
    }

    private static int atOnce(FiringRequest request) {
        return request.oneByOne() ? 1 : (int) Math.max(1, request.pace().perSecond() * LOOK_AGAIN.toMillis() / 1_000);
    }

    private Set<Instant> fired(FiringRequest request, List<Instant> fireTimes) {
        return request.kind() == FiringKind.MANUAL || request.range().again() || fireTimes.isEmpty()
                ? Set.of()
                : history.emitted(request.scheduleId(), fireTimes.get(0), fireTimes.get(fireTimes.size() - 1));
    }

    private static ScheduleFiring firing(
            FiringRequest request, Instant fireTime, Set<String> known, Set<Instant> fired, Instant now) {
        if (fired.contains(fireTime)) {
            return ScheduleFiring.skipped(fireTime, fireTime, 1, FIRED, now);
        }
        var id = request.taskId(fireTime);
        var firing = ScheduleFiring.emitted(fireTime, request.kind(), id, now);
        return known.contains(id) ? firing.known() : firing;
    }
}
