package io.celeriac.schedule.firing;

import static java.util.stream.Collectors.toSet;

import io.celeriac.schedule.ScheduleProperties;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.firing.ClaimRepository.Due;
import io.celeriac.schedule.firing.ClaimRepository.Row;
import io.celeriac.schedule.firing.ClaimRepository.Unreadable;
import io.celeriac.schedule.firing.EmittedFirings.Sent;
import io.celeriac.schedule.firing.FiringPlanner.Look;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.table.TableRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Hands out what is due, and writes down what became of it. Any number of schedulers may claim at once.
 *
 * <pre>
 * begin        READ COMMITTED
 * claim        SELECT … WHERE due_at <= now ORDER BY due_at LIMIT n FOR UPDATE SKIP LOCKED: nobody else gets these rows
 * ask          where firings must not overlap: which have not ended; where a firing is late: whether its task is there already
 * plan         for each what to emit, to skip, to hold back; see FiringPlanner
 * emit         the caller sends the tasks, and waits until the broker has each on all in-sync replicas
 * advance      one batch UPDATE of next_fire_at and its company, one batch INSERT of the history
 * commit
 * </pre>
 *
 * <p><b>No firing is lost.</b> A schedule moves on only with the commit, and the commit comes only when the broker has the tasks.
 * A scheduler that dies before it, at whatever point, leaves the rows as they were and unlocked, and whoever claims next emits
 * the same firings. <b>None is doubled.</b> The id of a task is a function of schedule and fire time, so what was sent and not
 * committed is sent again under the same id, and the workers run it once. They remember an id for a while only; so a firing that is
 * late by more than {@link ScheduleProperties#askResultsAfter()} is sent only when no task of its id is known. <b>None is told as skipped
 * that was sent</b>: before a missed firing is, the results must know all that the broker had by then, see {@link ResultsHorizon}; and what
 * this program has sent itself is in {@link SentTasks}. The other order,
 * advancing first, would lose what a crash finds between commit and send; a lease of its own would need a second transaction for
 * each batch and a time-out that guesses how long a crash looks like.
 *
 * <p>The price is that the rows stay locked while the broker answers, a few milliseconds: a person's change of such a schedule
 * waits that long. While the broker is away, nothing moves on. Safe for use by several threads.
 */
public final class Claimer {

    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);

    /** In one transaction, so that a long catch-up neither fills the memory nor holds its rows for long. */
    private static final int ENOUGH_FIRINGS = 1_000;

    private static final String NOT_TO_COME =
            "when the schedule was written, it had passed by more than a minute, or was outside of startAt and endAt";

    private final ClaimRepository claims;
    private final FiringRepository history;
    private final UnfinishedFirings unfinished;
    private final KnownTasks known;
    private final EmittedFirings emittedBefore;
    private final FiringPlanner planner;
    private final ScheduleProperties settings;
    private final BatchTransaction batches;
    private final Untouchable untouchable = new Untouchable();

    public Claimer(
            ClaimRepository claims,
            FiringRepository history,
            UnfinishedFirings unfinished,
            KnownTasks known,
            ScheduleProperties settings,
            BatchTransaction batches) {
        this.claims = claims;
        this.history = history;
        this.unfinished = unfinished;
        this.known = known;
        this.settings = settings;
        this.batches = batches;
        emittedBefore = new EmittedFirings(known.states(), known.sent(), settings.missedAfter());
        planner = new FiringPlanner(settings.missedAfter());
    }

    /**
     * Claims the schedules that are due, has their tasks emitted, and moves them on.
     *
     * @param from schedules that are due earlier are left for another time: when the next is due, read a moment ago, so that the
     *     database need not look for it again
     * @param now what is due by then
     * @param limit of schedules in one batch
     * @param emit called within the transaction; answers the plans whose tasks the broker has, possibly with firings {@linkplain
     *     Plan#skipping skipped}. The schedules of plans that it does not answer stay due. What it throws rolls back all. Called once,
     *     or again for parts of the batch when the database refuses what is to be written
     */
    public Claim claim(Instant from, Instant now, int limit, UnaryOperator<List<FiringPlan>> emit) {
        return batches.run(
                limit,
                size -> claims.claim(from, now, size, untouchable.at(now)),
                rows -> carryOut(rows, now, emit),
                (row, refusal) -> setAside(row, refusal, now));
    }

    private Claim carryOut(List<Row> claimed, Instant now, UnaryOperator<List<FiringPlan>> emit) {
        var due = new ArrayList<Due>();
        for (var row : claimed) {
            if (row instanceof Due readable) {
                due.add(readable);
            } else if (row instanceof Unreadable unreadable) {
                stop(unreadable, now);
            }
        }
        var planned = plans(due, now);
        var plans = planned.plans;
        var emitted = plans.isEmpty() ? plans : emit.apply(plans);
        putOff(plans, emitted, now);
        if (!emitted.isEmpty()) {
            claims.advance(emitted);
            history.add(Plan.lines(emitted));
            unfinished.begun(emitted, now);
            known.sent().forgetAfterCommit(taskIds(emitted));
        }
        return new Claim(claimed.size(), claimed.size() - planned.left - plans.size() + emitted.size());
    }

    private static List<String> taskIds(List<FiringPlan> plans) {
        return plans.stream()
                .flatMap(plan -> plan.firings().stream())
                .flatMap(firing -> Stream.ofNullable(firing.taskId()))
                .toList();
    }

    /** The one row of a batch that the database does not let be written, whatever the reason: the others are not to wait for it. */
    private Claim setAside(Row row, DataAccessException refusal, Instant now) {
        var reason = "the database refuses what is to be written: "
                + refusal.getMostSpecificCause().getMessage();
        var refused = row instanceof Due due ? unreadable(due.schedule(), reason) : (Unreadable) row;
        unlessRefused(
                () -> claims.stop(refused, now),
                e -> unlessRefused(() -> claims.pause(refused), again -> untouchable.add(refused, now)));
        unlessRefused( // otherwise the log has it
                () -> recordStop(refused, now),
                e -> LOG.error("The database refuses the history of schedule {}", refused.name(), e));
        return new Claim(1, 1);
    }

    private static void unlessRefused(Runnable write, Consumer<DataAccessException> otherwise) {
        try {
            write.run();
        } catch (DataAccessException e) {
            if (!TableRepository.isFaultOfRow(e)) {
                throw e;
            }
            otherwise.accept(e);
        }
    }

    private void stop(Unreadable row, Instant now) {
        claims.stop(row, now);
        recordStop(row, now);
    }

    /** Adds to the history why a row does not fire. */
    private void recordStop(Unreadable row, Instant now) {
        var fireTime = row.fireTime() == null ? now : row.fireTime();
        history.add(row.id(), ScheduleFiring.skipped(fireTime, fireTime, 1, row.reason(), now));
    }

    private static Unreadable unreadable(StoredSchedule schedule, String reason) {
        return new Unreadable(
                schedule.id(), schedule.schedule().name(), schedule.progress().nextFireAt(), reason);
    }

    /** What the broker did not take is out of the way of others for a moment; its queue may be at fault, and not the broker. */
    private void putOff(List<FiringPlan> plans, List<FiringPlan> emitted, Instant now) {
        var moved = emitted.stream().map(plan -> plan.schedule().id()).collect(toSet());
        var left = plans.stream()
                .map(plan -> plan.schedule().id())
                .filter(id -> !moved.contains(id))
                .toList();
        if (!left.isEmpty()) {
            claims.putOff(left, now.plus(Claim.PUT_OFF));
        }
    }

    /**
     * @param left how many that are due have no plan yet, as there are enough firings for one transaction
     */
    private record Planned(List<FiringPlan> plans, int left) {}

    private Planned plans(List<Due> due, Instant now) {
        var running = unfinished.running(due.stream().map(Due::schedule).toList(), now);
        var sent = emittedBefore.of(
                due.stream().filter(Due::planned).map(Due::schedule).toList(), now);
        var plans = new ArrayList<FiringPlan>();
        var doubtful = new ArrayList<FiringPlan>();
        var underway = new ArrayList<String>();
        var asking = new ArrayList<String>();
        var looked = 0;
        for (var emitted = 0; looked < due.size() && emitted < ENOUGH_FIRINGS; looked++) {
            var row = due.get(looked);
            var schedule = row.schedule();
            if (row.planned() && emittedBefore.isUnderway(schedule)) {
                underway.add(schedule.id());
                continue;
            }
            try {
                var plan = plan(
                        row,
                        running.getOrDefault(schedule.id(), List.of()),
                        sent.getOrDefault(schedule.id(), List.of()),
                        now);
                if (!mayTellLies(row, plan, now)) {
                    plans.add(plan);
                } else if (emittedBefore.tellsOfUnderway(plan)) {
                    underway.add(schedule.id());
                } else if (isPassed(row)) {
                    doubtful.add(plan);
                } else if (row.asked()
                        .since()
                        .plus(settings.sentPatience())
                        .isBefore(row.asked().now())) {
                    doubtful.add(plan.unsure());
                } else {
                    asking.add(schedule.id());
                }
                emitted += plan.emitted().size();
            } catch (DataAccessException e) {
                throw e;
            } catch (RuntimeException e) { // the others are not to wait for one of which nothing can be made
                LOG.error("Schedule {} cannot be planned", schedule.schedule().name(), e);
                stop(unreadable(schedule, String.valueOf(e.getMessage())), now);
            }
        }
        if (!underway.isEmpty()) {
            claims.putOff(underway, now.plus(Claim.PUT_OFF));
        }
        if (!asking.isEmpty()) {
            claims.ask(asking, due.get(0).asked().now(), now.plus(Claim.PUT_OFF));
        }
        plans.addAll(emittedBefore.withoutLies(doubtful));
        return new Planned(knownOnes(plans, now), due.size() - looked);
    }

    /** Whether it tells a firing as skipped that a scheduler may have sent which could not write that down. */
    private boolean mayTellLies(Due row, FiringPlan plan, Instant now) {
        return row.planned()
                && plan.skips()
                && emittedBefore.mayHaveBeenSent(row.schedule(), row.look().dueAt(), now);
    }

    /** Whether the tables know of all that was sent. */
    private boolean isPassed(Due row) {
        return known.horizon()
                .isPassed(
                        row.schedule().schedule().template().queue(),
                        row.asked().since(),
                        row.asked().now());
    }

    private FiringPlan plan(Due row, List<String> running, List<Sent> sent, Instant now) {
        var schedule = row.schedule();
        if (row.fresh()) { // by SQL: what fell due since it was written is caught up on like anything else
            return begun(schedule, running, now);
        }
        if (!row.planned()) {
            return FiringPlanner.anew(schedule, now);
        }
        return sent.isEmpty() ? planner.plan(schedule, running, row.look(), now) : planAfter(sent, row, running, now);
    }

    private FiringPlan begun(StoredSchedule schedule, List<String> running, Instant now) {
        var created = schedule.created().at();
        var first = schedule.nextAnew(created.isBefore(now) ? created : now).orElse(null);
        var plan = planner.plan(schedule.with(schedule.progress().next(first)), running, new Look(now, false), now);
        return first == null && schedule.schedule().timing().rule() instanceof Clocked clocked
                ? plan.telling(ScheduleFiring.skipped(clocked.at(), clocked.at(), 1, NOT_TO_COME, now))
                : plan;
    }

    /** Goes on after firings that a scheduler sent which could not write that down, so that they are not told as skipped. */
    private FiringPlan planAfter(List<Sent> sent, Due row, List<String> running, Instant now) {
        var schedule = row.schedule();
        var all = new HashSet<>(running);
        var told = new ArrayList<ScheduleFiring>();
        for (var firing : sent) {
            if (!firing.state().isFinal()) {
                all.add(firing.taskId());
            }
            var kind = firing.waited() ? FiringKind.TIMED : FiringKind.CAUGHT_UP;
            told.add(ScheduleFiring.emitted(firing.fireTime(), kind, firing.taskId(), now));
            schedule = firing.waited() ? schedule.firedBuffered(firing.fireTime()) : schedule.fired(firing.fireTime());
        }
        return planner.plan(schedule, all, new Look(now, false), now).after(row.schedule(), told);
    }

    /** A firing that is late may be one that a scheduler sent before it died, long enough ago for the workers to have forgotten. */
    private List<FiringPlan> knownOnes(List<FiringPlan> plans, Instant now) {
        var late = now.minus(settings.askResultsAfter());
        var asked = plans.stream()
                .flatMap(plan -> plan.emitted().stream())
                .filter(firing -> firing.fireTime().isBefore(late))
                .flatMap(firing -> Stream.ofNullable(firing.taskId()))
                .toList();
        var there =
                asked.isEmpty() ? Set.<String>of() : known.states().of(asked).keySet();
        return there.isEmpty()
                ? plans
                : plans.stream().map(plan -> plan.knowing(there)).toList();
    }
}
