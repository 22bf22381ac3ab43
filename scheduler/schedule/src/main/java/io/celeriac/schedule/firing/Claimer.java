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
 * Claims due schedules, has their tasks sent, and stores the outcome. Any number of schedulers may claim at once.
 *
 * <pre>
 * begin        READ COMMITTED
 * claim        SELECT … WHERE due_at <= now ORDER BY due_at LIMIT n FOR UPDATE SKIP LOCKED: nobody else gets these rows
 * ask          if firings must not overlap: which have not ended; if a firing is late: whether its task exists already
 * plan         which firings to emit, to skip and to hold back; see FiringPlanner
 * emit         the caller sends the tasks, and waits until all in-sync replicas of the broker have them
 * advance      one batch UPDATE of next_fire_at and its company, one batch INSERT of the history
 * commit
 * </pre>
 *
 * <p><b>No firing is lost.</b> A schedule moves on with the commit, and the commit comes after the broker has the tasks. If a scheduler
 * dies before the commit, the rows are unchanged and unlocked, and the next scheduler emits the same firings. <b>None becomes
 * two tasks.</b> The id of a task is a function of schedule and fire time. A task that was sent without a commit is sent again under the
 * same id, and the workers run it once. Workers remember an id only for a while. So a firing that is late by more than {@link
 * ScheduleProperties#askResultsAfter()} is sent only if the results know no task of its id. <b>No firing is recorded as skipped that
 * was sent.</b> Before a missed firing is skipped, the results must know everything that the broker had by then, see {@link
 * ResultsHorizon}. {@link SentTasks} has what this program sent itself.
 *
 * <p>To advance first would lose the firings of a scheduler that dies between commit and send. A lease would need a second transaction
 * for each batch, and a timeout that guesses when a scheduler is dead.
 *
 * <p>The rows stay locked while the broker answers, which takes a few milliseconds. A person's change of such a schedule waits that
 * long. While the broker is away, nothing moves on. Safe for use by several threads.
 */
public final class Claimer {

    private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);

    /** Firings in one transaction: a long catch-up must neither fill the memory nor hold its rows for long. */
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
     * Claims the due schedules, has their tasks sent, and moves them on.
     *
     * @param from schedules that are due earlier are left for another time: when the next is due, read a moment ago, so that the
     *     database need not look for it again
     * @param now schedules that are due by now are claimed
     * @param limit of schedules in one batch
     * @param emit sends the tasks of the plans, within the transaction. It returns the plans whose tasks the broker has, possibly with
     *     firings {@linkplain Plan#skipping skipped}. All other schedules stay due. An exception rolls back everything. It is called
     *     again for parts of the batch if the database refuses a row
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

    /** Puts off a row that the database refuses to write. */
    private Claim setAside(Row row, DataAccessException refusal, Instant now) {
        var reason = "the database refuses what is to be written: "
                + refusal.getMostSpecificCause().getMessage();
        var refused = row instanceof Due due ? unreadable(due.schedule(), reason) : (Unreadable) row;
        unlessRefused(
                () -> claims.stop(refused, now),
                e -> unlessRefused(() -> claims.pause(refused), again -> untouchable.add(refused, now)));
        unlessRefused( // the log has it in any case
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

    /** Puts off schedules whose tasks the broker did not take. Their queue may be at fault, not the broker. */
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
     * @param left how many due schedules have no plan, since the transaction has enough firings
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
            } catch (RuntimeException e) { // one that cannot be planned must not hold up the others
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

    /** Whether a plan skips a firing that a scheduler may have sent without recording it. */
    private boolean mayTellLies(Due row, FiringPlan plan, Instant now) {
        return row.planned()
                && plan.skips()
                && emittedBefore.mayHaveBeenSent(row.schedule(), row.look().dueAt(), now);
    }

    /** Whether the results know all tasks that were sent to the queue. */
    private boolean isPassed(Due row) {
        return known.horizon()
                .isPassed(
                        row.schedule().schedule().template().queue(),
                        row.asked().since(),
                        row.asked().now());
    }

    private FiringPlan plan(Due row, List<String> running, List<Sent> sent, Instant now) {
        var schedule = row.schedule();
        if (row.fresh()) { // by SQL: firings since its creation are caught up like all others
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

    /** Plans what comes after firings that a scheduler sent without recording them. */
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

    /** Marks late firings whose tasks exist: a scheduler sent them before it died, and the workers may have forgotten their ids. */
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
