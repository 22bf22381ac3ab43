package io.celeriac.schedule;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.celeriac.schedule.FiringRepository.Due;
import io.celeriac.schedule.FiringRepository.NextDue;
import io.celeriac.schedule.FiringRepository.Unreadable;
import io.celeriac.schedule.RunRepository.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hands out what is due, and writes down what became of it. Any number of schedulers may claim at once.
 *
 * <pre>
 * begin        READ COMMITTED
 * claim        SELECT … WHERE due_at <= now ORDER BY due_at LIMIT n FOR UPDATE SKIP LOCKED: nobody else gets these rows
 * ask          where runs must not overlap: which have not ended; where a run is late: whether its task is there already
 * plan         for each what to emit, to skip, to hold back; see FiringPlanner
 * emit         the caller sends the tasks, and waits until the broker has each on all in-sync replicas
 * advance      one batch UPDATE of next_fire_at and its company, one batch INSERT of the history
 * commit
 * </pre>
 *
 * <p><b>No run is lost.</b> A schedule moves on only with the commit, and the commit comes only when the broker has the tasks.
 * A scheduler that dies before it, at whatever point, leaves the rows as they were and unlocked, and whoever claims next emits
 * the same runs. <b>None is doubled.</b> The id of a task is a function of schedule and fire time, so what was sent and not
 * committed is sent again under the same id, and the workers run it once. They remember an id for a while only; so a run that is
 * late by more than {@link ScheduleSettings#askResultsAfter()} is sent only when no task of its id is known. The other order,
 * advancing first, would lose what a crash finds between commit and send; a lease of its own would need a second transaction for
 * each batch and a time-out that guesses how long a crash looks like.
 *
 * <p>The price is that the rows stay locked while the broker answers, a few milliseconds: a person's change of such a schedule
 * waits that long. While the broker is away, nothing moves on. Safe for use by several threads.
 */
public final class Claimer {

    private final FiringRepository firings;
    private final RunRepository runs;
    private final RequestRepository requests;
    private final TaskStates states;
    private final FiringPlanner planner;
    private final RequestPlanner requestPlanner;
    private final ScheduleSettings settings;
    private final TransactionTemplate transaction;

    Claimer(
            FiringRepository firings,
            RunRepository runs,
            RequestRepository requests,
            TaskStates states,
            ScheduleSettings settings,
            PlatformTransactionManager transactions) {
        this.firings = firings;
        this.runs = runs;
        this.requests = requests;
        this.states = states;
        this.settings = settings;
        planner = new FiringPlanner(settings.missedAfter());
        requestPlanner = new RequestPlanner(states, firings);
        transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
    }

    /** When there is next something to claim. */
    public NextDue nextDue() {
        return firings.nextDue();
    }

    /**
     * What came of claiming.
     *
     * @param claimed how many schedules or requests were due and free
     * @param advanced how many of them have moved on
     */
    public record Claim(int claimed, int advanced) {}

    /**
     * Claims the schedules that are due, has their tasks emitted, and moves them on.
     *
     * @param from what is due earlier is left for another time: {@link NextDue#schedules()} of a moment ago, so that the database
     *     need not look for it again
     * @param now what is due by then
     * @param limit of schedules in one batch
     * @param emit called at most once, within the transaction; answers the plans whose tasks the broker has, possibly with runs
     *     {@linkplain Plan#skipping skipped}. The schedules of plans that it does not answer stay due. What it throws rolls back all
     */
    public Claim claim(Instant from, Instant now, int limit, UnaryOperator<List<FiringPlan>> emit) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var rows = firings.claim(from, now, limit);
            var due = new ArrayList<Due>();
            for (var row : rows) {
                if (row instanceof Due readable) {
                    due.add(readable);
                } else if (row instanceof Unreadable unreadable) {
                    firings.stop(unreadable, now);
                }
            }
            var emitted = due.isEmpty() ? List.<FiringPlan>of() : emit.apply(plans(due, now));
            if (!emitted.isEmpty()) {
                firings.advance(emitted);
                firings.record(emitted);
                runs.add(begun(emitted, now));
            }
            return new Claim(rows.size(), rows.size() - due.size() + emitted.size());
        }));
    }

    private List<FiringPlan> plans(List<Due> due, Instant now) {
        var running = running(due, now);
        var plans = due.stream()
                .map(row -> row.planned()
                        ? planner.plan(
                                row.schedule(),
                                running.getOrDefault(row.schedule().id(), List.of()),
                                now)
                        : FiringPlanner.anew(row.schedule(), now))
                .toList();
        return knownOnes(plans, now);
    }

    /** Ids of the tasks that have not ended, by schedule; those that have are forgotten on the way. */
    private Map<String, List<String>> running(List<Due> due, Instant now) {
        var asking = due.stream()
                .map(Due::schedule)
                .filter(schedule -> schedule.schedule().overlap() != Overlap.ALLOW)
                .map(StoredSchedule::id)
                .toList();
        var begun = asking.isEmpty() ? List.<Run>of() : runs.of(asking);
        if (begun.isEmpty()) {
            return Map.of();
        }
        var known = states.of(begun.stream().map(Run::taskId).toList());
        var oldest = now.minus(settings.resultPatience());
        var ended = begun.stream()
                .filter(run -> {
                    var state = known.get(run.taskId());
                    return state == null ? run.emittedAt().isBefore(oldest) : state.isFinal();
                })
                .collect(toSet());
        runs.delete(ended);
        return begun.stream()
                .filter(run -> !ended.contains(run))
                .collect(groupingBy(Run::scheduleId, mapping(Run::taskId, toList())));
    }

    /** A run that is late may be one that a scheduler sent before it died, long enough ago for the workers to have forgotten. */
    private List<FiringPlan> knownOnes(List<FiringPlan> plans, Instant now) {
        var late = now.minus(settings.askResultsAfter());
        var asked = plans.stream()
                .flatMap(plan -> plan.emitted().stream())
                .filter(run -> run.fireTime().isBefore(late))
                .flatMap(run -> Stream.ofNullable(run.taskId()))
                .toList();
        var known = asked.isEmpty() ? Set.<String>of() : states.of(asked).keySet();
        return known.isEmpty()
                ? plans
                : plans.stream().map(plan -> plan.knowing(known)).toList();
    }

    /**
     * The same for what people asked for.
     *
     * @param limit of requests in one batch
     */
    public Claim claimRequests(Instant now, int limit, UnaryOperator<List<RequestPlan>> emit) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var due = requests.claim(now, limit);
            if (due.isEmpty()) {
                return new Claim(0, 0);
            }
            var schedules = requests.lockSchedules(
                    due.stream().map(RunRequest::scheduleId).collect(toSet()));
            var plans = new ArrayList<RequestPlan>();
            var waiting = 0;
            for (var request : due) {
                var schedule = schedules.get(request.scheduleId());
                if (schedule == null) {
                    requests.update(request.cancelled("the schedule was deleted or cannot be read", now));
                    waiting++;
                } else if (request.oneByOne() && hasNotEnded(request, now)) {
                    requests.update(request.dueAt(now.plus(RequestPlanner.LOOK_AGAIN)));
                    waiting++;
                } else {
                    plans.add(requestPlanner.plan(request, schedule, now));
                }
            }
            var emitted = plans.isEmpty() ? List.<RequestPlan>of() : emit.apply(plans);
            emitted.forEach(plan -> requests.update(plan.after(now)));
            firings.record(emitted);
            runs.add(begun(emitted, now));
            return new Claim(due.size(), waiting + emitted.size());
        }));
    }

    private boolean hasNotEnded(RunRequest request, Instant now) {
        var last = request.progress().lastTaskId();
        var emittedAt = request.progress().lastEmittedAt();
        if (last == null || emittedAt == null) {
            return false;
        }
        var state = states.of(List.of(last)).get(last);
        return state == null ? now.isBefore(emittedAt.plus(settings.resultPatience())) : !state.isFinal();
    }

    private static Set<Run> begun(List<? extends Plan<?>> plans, Instant now) {
        var begun = new HashSet<Run>();
        for (var plan : plans) {
            if (plan.schedule().schedule().overlap() != Overlap.ALLOW) {
                plan.firings().stream()
                        .flatMap(run -> Stream.ofNullable(run.taskId()))
                        .forEach(task -> begun.add(new Run(plan.schedule().id(), task, now)));
            }
        }
        return begun;
    }
}
