package io.celeriac.schedule.backfill;

import static java.util.stream.Collectors.toSet;

import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.backfill.FiringRequest.Progress;
import io.celeriac.schedule.backfill.FiringRequestRepository.Claimed;
import io.celeriac.schedule.firing.BatchTransaction;
import io.celeriac.schedule.firing.Claim;
import io.celeriac.schedule.firing.Claimer;
import io.celeriac.schedule.firing.KnownTasks;
import io.celeriac.schedule.firing.Plan;
import io.celeriac.schedule.firing.SentTasks;
import io.celeriac.schedule.firing.UnfinishedFirings;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.store.ScheduleRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Claims due requests, has their tasks sent, and stores the outcome, as {@link Claimer} does for schedules. */
public final class FiringRequestClaimer {

    private static final Logger LOG = LoggerFactory.getLogger(FiringRequestClaimer.class);

    private final FiringRequestRepository requests;
    private final ScheduleRepository schedules;
    private final FiringRequestPlanner planner;
    private final FiringRepository history;
    private final UnfinishedFirings unfinished;
    private final SentTasks sent;
    private final BatchTransaction batches;

    public FiringRequestClaimer(
            FiringRequestRepository requests,
            ScheduleRepository schedules,
            FiringRepository history,
            UnfinishedFirings unfinished,
            KnownTasks known,
            BatchTransaction batches) {
        this.requests = requests;
        this.schedules = schedules;
        this.history = history;
        this.unfinished = unfinished;
        this.batches = batches;
        sent = known.sent();
        planner = new FiringRequestPlanner(known.states(), history);
    }

    /**
     * Claims the due requests, has their tasks sent, and moves them on.
     *
     * @param now requests that are due by now are claimed
     * @param limit of requests in one batch
     * @param emit sends the tasks of the plans, as for {@link Claimer#claim}
     */
    public Claim claim(Instant now, int limit, UnaryOperator<List<FiringRequestPlan>> emit) {
        return batches.run(
                limit,
                size -> requests.claim(now, size),
                due -> due.isEmpty() ? Claim.NOTHING : carryOut(due, now, emit),
                (request, refusal) -> setAside(request, refusal, now));
    }

    private Claim carryOut(List<Claimed> claimed, Instant now, UnaryOperator<List<FiringRequestPlan>> emit) {
        var due = new ArrayList<FiringRequest>();
        for (var row : claimed) {
            if (row.request() == null) {
                LOG.error("Request {} cannot be read: {}", row.id(), row.error());
                requests.putOff(row.id(), now.plus(Claim.SET_ASIDE));
            } else {
                due.add(row.request());
            }
        }
        var plans = due.isEmpty() ? List.<FiringRequestPlan>of() : plans(due, now);
        var emitted = plans.isEmpty() ? List.<FiringRequestPlan>of() : emit.apply(plans);
        emitted.forEach(plan -> requests.update(plan.after(now)));
        var moved = emitted.stream().map(plan -> plan.request().id()).collect(toSet());
        plans.stream()
                .map(FiringRequestPlan::request)
                .filter(request -> !moved.contains(request.id()))
                .forEach(request -> requests.update(request.dueAt(now.plus(Claim.PUT_OFF))));
        history.add(Plan.lines(emitted));
        unfinished.begun(emitted, now);
        sent.forgetAfterCommit(emitted.stream()
                .flatMap(plan -> plan.firings().stream())
                .flatMap(firing -> Stream.ofNullable(firing.taskId()))
                .toList());
        return new Claim(claimed.size(), claimed.size() - plans.size() + emitted.size());
    }

    private List<FiringRequestPlan> plans(List<FiringRequest> due, Instant now) {
        var wanted = due.stream().map(FiringRequest::scheduleId).collect(toSet());
        var free = schedules.lockFree(wanted);
        var existing = free.size() == wanted.size() ? wanted : schedules.existing(wanted);
        var plans = new ArrayList<FiringRequestPlan>();
        for (var request : due) {
            var schedule = free.get(request.scheduleId());
            if (!existing.contains(request.scheduleId())) {
                requests.update(request.cancelled("the schedule was deleted", now));
            } else if (schedule == null) { // it is locked or unreadable
                requests.update(request.dueAt(now.plus(Claim.PUT_OFF)));
            } else if (request.oneByOne() && hasNotEnded(request.progress(), now)) {
                requests.update(request.dueAt(now.plus(FiringRequestPlanner.LOOK_AGAIN)));
            } else {
                plan(request, schedule, now).ifPresent(plans::add);
            }
        }
        return plans;
    }

    private boolean hasNotEnded(Progress progress, Instant now) {
        var last = progress.lastTaskId();
        var emittedAt = progress.lastEmittedAt();
        return last != null && emittedAt != null && unfinished.hasNotEnded(last, emittedAt, now);
    }

    private Optional<FiringRequestPlan> plan(FiringRequest request, StoredSchedule schedule, Instant now) {
        try {
            return Optional.of(planner.plan(request, schedule, now));
        } catch (DataAccessException e) {
            throw e;
        } catch (RuntimeException e) { // one that cannot be planned must not hold up the others
            LOG.error("Request {} cannot be planned", request.id(), e);
            requests.update(request.cancelled("it cannot be planned: " + e.getMessage(), now));
            return Optional.empty();
        }
    }

    private Claim setAside(Claimed row, DataAccessException refusal, Instant now) {
        LOG.error("The database refuses to write request {}", row.id(), refusal);
        requests.putOff(row.id(), now.plus(Claim.SET_ASIDE));
        return new Claim(1, 1);
    }
}
