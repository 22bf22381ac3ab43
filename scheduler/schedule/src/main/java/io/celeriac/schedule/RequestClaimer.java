package io.celeriac.schedule;

import static java.util.stream.Collectors.toSet;

import io.celeriac.schedule.Claimer.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Hands out what people asked for, and writes down what became of it, as {@link Claimer} does with what is due by a schedule. */
final class RequestClaimer {

    private static final Logger LOG = LoggerFactory.getLogger(RequestClaimer.class);

    private final RequestRepository requests;
    private final RequestPlanner planner;
    private final FiringRepository firings;
    private final EarlierRuns earlier;
    private final BatchTransaction batches;

    RequestClaimer(
            RequestRepository requests,
            RequestPlanner planner,
            FiringRepository firings,
            EarlierRuns earlier,
            BatchTransaction batches) {
        this.requests = requests;
        this.planner = planner;
        this.firings = firings;
        this.earlier = earlier;
        this.batches = batches;
    }

    Claim claim(Instant now, int limit, UnaryOperator<List<RequestPlan>> emit) {
        return batches.run(
                limit,
                size -> requests.claim(now, size),
                due -> due.isEmpty() ? new Claim(0, 0) : carryOut(due, now, emit),
                (request, refusal) -> setAside(request, refusal, now));
    }

    private Claim carryOut(List<RunRequest> due, Instant now, UnaryOperator<List<RequestPlan>> emit) {
        var wanted = due.stream().map(RunRequest::scheduleId).collect(toSet());
        var schedules = requests.lockSchedules(wanted);
        var existing = schedules.size() == wanted.size() ? wanted : requests.existing(wanted);
        var plans = new ArrayList<RequestPlan>();
        var waiting = 0;
        for (var request : due) {
            var schedule = schedules.get(request.scheduleId());
            if (!existing.contains(request.scheduleId())) {
                requests.update(request.cancelled("the schedule was deleted", now));
                waiting++;
            } else if (schedule == null) { // somebody holds it, or has written what cannot be read
                requests.update(request.dueAt(now.plus(Claimer.PUT_OFF)));
                waiting++;
            } else if (request.oneByOne() && earlier.hasNotEnded(request.progress(), now)) {
                requests.update(request.dueAt(now.plus(RequestPlanner.LOOK_AGAIN)));
                waiting++;
            } else {
                plans.add(planner.plan(request, schedule, now));
            }
        }
        var emitted = plans.isEmpty() ? List.<RequestPlan>of() : emit.apply(plans);
        emitted.forEach(plan -> requests.update(plan.after(now)));
        var moved = emitted.stream().map(plan -> plan.request().id()).collect(toSet());
        plans.stream()
                .map(RequestPlan::request)
                .filter(request -> !moved.contains(request.id()))
                .forEach(request -> requests.update(request.dueAt(now.plus(Claimer.PUT_OFF))));
        firings.record(emitted);
        earlier.begun(emitted, now);
        return new Claim(due.size(), waiting + emitted.size());
    }

    private Claim setAside(RunRequest request, DataAccessException refusal, Instant now) {
        LOG.error("The database refuses what is to be written of request {}", request.id(), refusal);
        requests.update(request.dueAt(now.plus(Claimer.SET_ASIDE)));
        return new Claim(1, 1);
    }
}
