package io.celeriac.engine.stream;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskState;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.consumer.ConsumerGate;
import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.UnknownTaskException;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.readiness.Explainer;
import io.celeriac.engine.readiness.HandlerLimitQueue;
import io.celeriac.engine.readiness.KeyOrder;
import io.celeriac.engine.readiness.Parking;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.engine.topic.TopicIds;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the tasks of one partition, from their records to their outcomes, for as long as the partition is here.
 *
 * <pre>
 * in       a queue's topic       key → Task
 * out      results               id → TaskResult
 *          next-steps            the tasks that another emits
 *          dead-letters          the record, unchanged, that is no task or has failed
 * store    unfinished-tasks      what has been taken in and has not come to its end
 * time     wall clock; what waits for its time survives a rebalance
 * fails    never drops: what it cannot read or finish is a dead letter, with the reason
 *
 *           take()                       due, has its turn                       attempt's thread
 *  record ──▶ admit ──▶ Waiting (store) ──▶ start ──▶ AttemptQueue ──▶ Dispatcher ──▶ handler
 *               │ eta         ▲               │ not yet                                 │
 *               ▼             │ retry         ▼                                         │
 *            Parking ─────────┤   KeyOrder, HandlerLimitQueue, PoisonPillGuard          ▼
 *                             └────────────── settle ◀── pass() ◀── signal ◀── AttemptOutcome
 *                                               └──▶ results, next-steps, dead-letters
 * </pre>
 *
 * <p>Everything here runs on the stream thread. Attempts' threads touch the {@link AttemptQueue} and the gate's signal, and no more.
 */
final class PartitionTasks implements ConsumerGate.Partition {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionTasks.class);

    /** Of a handler with a limit, the most that are dispatched before they may begin: enough to begin the next at once. */
    private static final int DISPATCHED_OF_LIMITED = 64;

    /** Names come with the records, so there may be any number of them. */
    private static final int MOST_UNKNOWN = 100;

    /** So many children do not wait for the commit interval: those that emit them have to keep them until then. */
    private static final int ENOUGH_UNCOMMITTED = 1_000;

    private final QueueProperties settings;
    private final HandlerRegistry handlers;
    private final Dispatcher dispatcher;
    private final OutcomeRecords reporter;
    private final Revocations revocations;
    private final StepCheck steps;
    private final String process;
    private final InstantSource clock;
    private final EngineMetrics metrics;

    private final ProcessorContext<byte[], OutboundRecord> context;
    private final TopicPartition source;
    private final TopicIds topicIds;
    private final Uuid topicId;
    private final @Nullable ConsumerGate gate;
    private final UnfinishedTasks store;
    private final AttemptQueue lane;
    private final Outlet outlet;
    private final Intake intake;
    private final PartitionDrain handOver;
    private final Tick tick;
    private final Explainer explainer;

    private final Map<String, Instant> inFlight = new HashMap<>(); // waits for a thread, since when, or runs
    private final Parking parking = new Parking();
    private final Parking turns = new Parking(); // those that wait for their time and hold up the others of their chain
    private final KeyOrder chains;
    private final HandlerLimitQueue holding = new HandlerLimitQueue();
    private final PoisonPillGuard caution;
    private final Set<String> unpublished = new LinkedHashSet<>(); // what an earlier owner could not send
    private final Set<String> unknown = new HashSet<>(); // names of tasks, warned of once
    private final Map<String, Instant> missingSince = new HashMap<>(); // when no handler was first found, by id
    private final List<AttemptOutcome.Emitted> uncommitted = new ArrayList<>(); // children that are published
    private long uncommittedSince; // how often the store was flushed before the last of them
    private int remembered; // ids of finished tasks that are counted in the metrics
    private long forgottenEarly; // the same
    private boolean isTopicAnew; // since this life began
    private long lastTaken = -1; // offset of the last record, in this life
    private long passedAt = -1; // how often the store was flushed before the last pass
    private long publishedAt = -1; // under exactly-once: how often the store was flushed before something was published

    /** Reads back what an earlier owner of the partition has left. */
    PartitionTasks(QueueProperties settings, Collaborators with, ProcessorContext<byte[], OutboundRecord> context) {
        this.settings = settings;
        this.handlers = with.handlers();
        this.dispatcher = with.dispatcher();
        this.reporter = with.reporter();
        this.revocations = with.revocations();
        this.steps = with.steps();
        this.process = with.process();
        this.clock = with.clock();
        this.metrics = with.metrics();
        this.context = context;
        this.source = new TopicPartition(settings.topic(), context.taskId().partition());
        this.gate = ConsumerGate.ofThread();
        this.store = context.getStateStore(TaskTopology.STORE);
        this.lane = new AttemptQueue(gate == null ? () -> {} : gate::signal, metrics);
        this.outlet = new Outlet(context, clock, metrics);
        this.intake = new Intake(source, gate, metrics);
        this.handOver = new PartitionDrain(source, lane, dispatcher, store, reporter, with.published(), settings);
        this.tick = new Tick(context, this::pass, clock);
        this.chains = new KeyOrder(settings.order());
        if (!settings.exactlyOnce()) {
            store.barrier(barrier(context.taskId(), with.published()));
            if (gate != null) {
                store.fence(gate::requireMembership); // under exactly-once the transaction is fenced
            }
        }
        if (gate != null) {
            store.committed(() -> gate.committedOffset(source));
        }
        this.topicIds = with.topicIds();
        this.topicId = topicIds.of(settings.topic());
        this.caution = new PoisonPillGuard(
                PoisonPillGuard.Threads.of(lane, dispatcher), settings.maxDeaths(), with.quarantine(), store::contains);
        this.forgottenEarly = store.forgottenEarly();
        openLane();
        restoreOrLeave();
        this.explainer = new Explainer(
                settings, handlers, dispatcher, store, lane, inFlight, missingSince, chains, holding, caution, clock);
        store.mark(this::mark);
    }

    /** Before anything is read back: a task that is revoked meanwhile is heard of by the lane. */
    private void openLane() {
        if (gate != null) {
            lane.expectToBeLeft();
        }
        dispatcher.open(lane);
    }

    /** A send that has failed since this life began has to be made again, by bringing its task back in another life. */
    private static Runnable barrier(TaskId task, Published published) {
        var failedBefore = published.failures();
        return () -> {
            published.flush();
            if (published.failures() != failedBefore) {
                throw new TaskCorruptedException(Set.of(task));
            }
        };
    }

    /** A lane that nobody closes would be waited for whenever the worker stops. */
    private void restoreOrLeave() {
        try {
            restore();
            caution.start(store.formerMark(), process, clock.instant(), store.flushes())
                    .forEach(this::survive);
        } catch (RuntimeException | Error e) {
            lane.close();
            dispatcher.forget(lane);
            throw e;
        }
    }

    /** Everything that an earlier owner left behind; where there are chains, in the order of the records. */
    private void restore() {
        var now = clock.millis();
        var inTurn = new ArrayList<InTurn>();
        store.restore(now, topicId, gate == null ? 0 : gate.generation(), (id, outline) -> {
            if (store.finishedSince(id, outline.acceptedAt())) {
                store.finish(id, now); // its mark was logged and its removal was not
                return;
            }
            if (outline.hasUnpublished()) {
                unpublished.add(id);
            }
            if (revocations.contains(id)) {
                lane.revoke(id); // while nobody had the partition
            }
            var runs = chains.exist() && runsHere(id, outline.offset());
            if (runs || (chains.exist() && (outline.attempts() > 0 || outline.due() <= now))) {
                inTurn.add(new InTurn(!runs, outline.attempts() == 0, outline.offset(), id));
            } else {
                parking.add(id, outline.due(), outline.offset());
            }
        });
        inTurn.stream().sorted(InTurn.ORDER).map(InTurn::id).forEach(this::enterInTurn);
        var unfinished = parking.size() + turns.size() + chains.waiting();
        if (unfinished > 0) {
            LOG.info("{} brings back {} unfinished tasks", source, unfinished);
        }
    }

    /** The order of a chain, before any new record enters it: one that runs here still, or waits for its retry, has the turn. */
    private record InTurn(boolean rests, boolean isNew, long offset, String id) {

        private static final Comparator<InTurn> ORDER =
                Comparator.comparing(InTurn::rests).thenComparing(InTurn::isNew).thenComparingLong(InTurn::offset);
    }

    /** Whether the task of a record runs here since an earlier time that this worker had the partition. */
    private boolean runsHere(String id, long offset) {
        return dispatcher.runs(settings.queue(), source.partition(), offset, id);
    }

    private void enterInTurn(String id) {
        var stored = store.get(id);
        if (stored instanceof Ended) {
            unpublished.add(id); // also one that only the rules of today refuse
        } else if (stored instanceof Waiting waiting && chains.enter(waiting.task(), clock.instant())) {
            parkUntil(waiting.due(), waiting.task());
        }
    }

    private void survive(String id) {
        if (store.get(id) instanceof Waiting waiting) {
            var survivor = waiting.task().survived();
            LOG.warn("{}: the process that ran task {} has died, {} times now", source, id, survivor.deaths());
            store.update(new Waiting(survivor, waiting.due()));
        }
    }

    private OwnerMark mark() {
        return lane.isDraining() ? caution.farewell(process) : caution.mark(process, clock.instant());
    }

    void begin() {
        if (gate != null) {
            gate.open(this);
        }
        scheduleTick();
    }

    /** Whatever a record is, it hurts only itself: what fails on it is told in a dead letter, and the next record is taken. */
    void take(SourceRecord origin) {
        if (isTakenAgain(origin)) {
            return;
        }
        try {
            var task = TaskJson.task(origin.value() == null ? new byte[0] : origin.value());
            if (reporter.isAcceptable(origin)) {
                admit(origin, task);
            } else {
                failTooLarge(origin, task, clock.instant());
            }
        } catch (InvalidTaskException e) {
            var why = reporter.reason(origin, e);
            setAside(origin, Reason.UNREADABLE, why, reporter.unreadable(origin, why, clock.instant()));
        } catch (KafkaException e) {
            throw e; // Streams says what becomes of its thread
        } catch (RuntimeException e) {
            LOG.error("record {}/{} cannot be taken", source, origin.offset(), e);
            var why = "the worker failed on it: " + e.getClass().getName();
            setAside(origin, Reason.UNREADABLE, why, reporter.unreadable(origin, why, clock.instant()));
        }
        scheduleTick();
    }

    /** The group's offset may have been lost, or lie behind what the store has. */
    private boolean isTakenAgain(SourceRecord origin) {
        if (!isTopicAnew
                && (origin.offset() <= lastTaken
                        || !topicIds.of(settings.topic()).equals(topicId))) {
            LOG.warn("{} is at {}, after {}: its topic was made anew", source, origin.offset(), lastTaken);
            isTopicAnew = true;
            store.forgetOffsets();
        }
        lastTaken = origin.offset();
        if (store.isBehind(origin.offset())) {
            metrics.replayed();
            return true;
        }
        store.take(origin.offset());
        return false;
    }

    /**
     * It fails at once, as somebody waits for it, and only what is to follow the failure is kept, until it is known to have a topic.
     */
    private void failTooLarge(SourceRecord origin, Task task, Instant now) {
        var id = idOf(origin, task);
        if (store.contains(id) || store.finishedLately(id)) {
            metrics.duplicate();
            return;
        }
        metrics.unreadable(Reason.TOO_LARGE);
        LOG.warn("record {}/{} is set aside: it is too large", source, origin.offset());
        var steps = new ArrayList<OutboundRecord>();
        for (var publication : reporter.tooLargeFailure(origin, task, now)) {
            if (publication.isNextStep()) {
                steps.add(publication);
            } else {
                outlet.publish(publication);
            }
        }
        var name = Task.named(task.task()).id(id).build();
        var small = new SourceRecord(
                origin.queue(),
                origin.topic(),
                origin.partition(),
                origin.offset(),
                origin.timestamp(),
                null,
                TaskJson.bytes(name),
                new RecordHeaders());
        var ended = new Ended(AcceptedTask.first(small, name, now), TaskState.FAILURE, steps);
        store.add(ended);
        conclude(ended, now);
    }

    private static String idOf(SourceRecord origin, Task task) {
        return task.id() == null ? TaskIds.ofRecord(origin.topic(), origin.partition(), origin.offset()) : task.id();
    }

    private void setAside(SourceRecord origin, Reason reason, String why, OutboundRecord deadLetter) {
        metrics.unreadable(reason);
        LOG.warn("record {}/{} is set aside: {}", source, origin.offset(), why);
        outlet.publish(deadLetter);
    }

    private void admit(SourceRecord origin, Task task) {
        var id = idOf(origin, task);
        if (store.contains(id) || store.finishedLately(id)) {
            store.adopt(id, origin.offset());
            metrics.duplicate();
            return;
        }
        var now = clock.instant();
        var accepted = AcceptedTask.first(
                origin, task.id() == null ? task.toBuilder().id(id).build() : task, now);
        var waiting = task.eta() == null ? new Waiting(accepted, 0) : Waiting.until(task.eta(), accepted);
        store.add(waiting);
        metrics.accepted();
        if (revocations.contains(id)) {
            revoke(accepted, RevokeReason.REVOKED, now);
        } else if (accepted.isExpired(now)) {
            revoke(accepted, RevokeReason.EXPIRED, now);
        } else if (waiting.due() > now.toEpochMilli()) {
            metrics.parked();
            parkUntil(waiting.due(), accepted);
        } else {
            start(waiting, now);
        }
    }

    private void parkUntil(long due, AcceptedTask task) {
        (chains.hasTurn(task) ? turns : parking)
                .add(task.id(), due, task.origin().offset());
        pauseIfFull();
    }

    /** Hands a task over, as soon as nothing forbids it. */
    private void start(Waiting waiting, Instant now) {
        var task = waiting.task();
        if (!chains.enter(task, now)) {
            held(Stage.TURN);
        } else if (caution.condemns(task)) {
            LOG.error("task {} ({}) is set aside: {} processes have died of it", task.id(), name(task), task.deaths());
            finishUnrun(reporter.poisonous(task, now), now);
        } else {
            var handler = handlers.find(name(task));
            if (handler.isPresent()) {
                startBy(handler.get(), waiting, now);
            } else {
                startUnknown(waiting, now);
            }
        }
    }

    /**
     * This worker will never have a handler for it, but the partition may move to one that has. How long it is kept counts from when
     * its handler was first missed here: a task that was parked for days gets as long as one that has just come.
     */
    private void startUnknown(Waiting waiting, Instant now) {
        var name = name(waiting.task());
        var givenUpAt =
                missingSince.computeIfAbsent(waiting.task().id(), id -> now).plus(settings.unknownTaskPatience());
        if (now.plus(settings.startAhead()).isBefore(givenUpAt)) { // what is due in a moment is not parked again
            if (unknown.size() < MOST_UNKNOWN && unknown.add(name)) {
                LOG.warn(
                        "{} has tasks named \"{}\", which no handler of this worker runs: they are kept for {}",
                        source,
                        name,
                        settings.unknownTaskPatience());
            }
            held(Stage.HANDLER);
            parkUntil(givenUpAt.toEpochMilli(), waiting.task());
        } else {
            startBy(UnknownTaskException.handler(name, handlers.names()), waiting, now);
        }
    }

    private void startBy(Handler handler, Waiting waiting, Instant now) {
        var task = waiting.task();
        if (!handler.limits().areNone() && !enterHolding(handler, task, now)) {
            held(Stage.HANDLER_LIMIT);
            return;
        }
        inFlight.put(task.id(), now);
        pauseIfFull();
        if (dispatcher.isAtLimit(handler)) {
            metrics.held(Stage.HANDLER_LIMIT);
        }
        var attempt = new Attempt(lane, task, handler);
        if (caution.isCalledFor(task, now) && !runsHere(task.id(), task.origin().offset())) {
            held(Stage.CAUTION);
            caution.hold(new PoisonPillGuard.Held(attempt, waiting.due()), now);
        } else {
            dispatch(attempt, waiting.due(), now);
        }
    }

    private boolean enterHolding(Handler handler, AcceptedTask task, Instant now) {
        var priority = task.task().priorityOrDefault();
        return holding.enter(handler.name(), task.id(), priority, mostDispatched(handler), now);
    }

    private void held(Stage why) {
        metrics.held(why);
        pauseIfFull();
    }

    private int mostDispatched(Handler handler) {
        var concurrency = handler.limits().concurrency();
        var enough = Math.max(DISPATCHED_OF_LIMITED, concurrency == null ? 0 : 2 * concurrency);
        return Math.min(enough, Math.max(1, settings.window() / 2));
    }

    private void dispatch(Attempt attempt, long due, Instant now) {
        if (due > now.toEpochMilli()) {
            dispatcher.submitAt(attempt, Instant.ofEpochMilli(due));
        } else {
            dispatcher.submit(attempt);
        }
    }

    /** What there is to do without a record: called by the stream thread, as often as {@link #scheduleTick} asks. */
    private void pass() {
        var now = clock.instant(); // the pass of the thread may have started long ago
        passedAt = store.flushes();
        tellCommitted();
        publishLeftOver(now);
        caution.release(store.flushes(), now).forEach(held -> {
            inFlight.put(held.task().id(), now);
            dispatch(held.attempt(), held.due(), now);
        });
        for (var report = lane.poll(); report != null; report = lane.poll()) {
            settle(report, now);
        }
        for (var id = lane.pollRevoked(); id != null; id = lane.pollRevoked()) {
            revokeUnlessBegun(id, now);
        }
        startDue(now);
        answer();
        store.expire(now.toEpochMilli());
        countRemembered();
        if (!isHalfFull()) {
            intake.resume();
        }
        if (caution.wantsCommit(now)) {
            context.commit();
        }
        commitIfIdle();
        scheduleTick();
    }

    private void countRemembered() {
        metrics.rememberedIds(store.remembered() - remembered);
        remembered = store.remembered();
        if (store.forgottenEarly() > forgottenEarly) {
            metrics.forgottenEarly(store.forgottenEarly() - forgottenEarly);
            forgottenEarly = store.forgottenEarly();
            LOG.warn("{} has too many finished tasks to remember: the oldest are forgotten before their time", source);
        }
    }

    private void settle(AttemptOutcome report, Instant now) {
        if (store.contains(report.id())) {
            settleUnfinished(report, now);
            commitSoon(now);
        } else if (report instanceof AttemptOutcome.Emitted emitted) {
            emitted.committed(); // its parent has come to its end before: revoked, or run elsewhere meanwhile
        }
    }

    private void settleUnfinished(AttemptOutcome report, Instant now) {
        if (report instanceof AttemptOutcome.Finished finished) {
            finish(finished, now);
            return;
        }
        report.publications().forEach(outlet::publish);
        if (report instanceof AttemptOutcome.Retried retried) {
            retry(retried, now);
        } else if (report instanceof AttemptOutcome.Emitted emitted) {
            uncommitted.add(emitted);
            uncommittedSince = store.flushes();
            if (uncommitted.size() == ENOUGH_UNCOMMITTED) {
                context.commit();
            }
        }
    }

    /** A pass that finds that the store was flushed after an earlier one comes after the commit. */
    private void tellCommitted() {
        if (store.flushes() > uncommittedSince) {
            uncommitted.forEach(AttemptOutcome.Emitted::committed);
            uncommitted.clear();
        }
    }

    private void retry(AttemptOutcome.Retried retried, Instant now) {
        var waiting = Waiting.until(retried.due(), retried.again());
        store.update(waiting);
        metrics.retried();
        leave(retried.task(), now);
        parkUntil(waiting.due(), retried.again());
    }

    /** No attempt's thread has made sure of the topics of its next steps. */
    private void finishUnrun(AttemptOutcome.Finished finished, Instant now) {
        var task = finished.task();
        conclude(new Ended(task, finished.state(), finished.publications()), now);
        leave(task, now);
        startNext(chains.end(task, store::contains), now);
    }

    private void finish(AttemptOutcome.Finished finished, Instant now) {
        var task = finished.task();
        finished.publications().forEach(outlet::publish);
        store.finish(task.id(), now.toEpochMilli());
        metrics.finished(finished.state());
        leave(task, now);
        startNext(chains.end(task, store::contains), now);
    }

    /** It no longer waits for a thread or runs, which may make room for others. */
    private void leave(AcceptedTask task, Instant now) {
        inFlight.remove(task.id());
        missingSince.remove(task.id());
        caution.forget(task.id(), now);
        startNext(holding.leave(limitedAs(task), task.id(), store::contains), now);
    }

    private void startNext(@Nullable String id, Instant now) {
        if (id != null) {
            startStored(id, now);
        }
    }

    private void startStored(String id, Instant now) {
        var stored = store.get(id);
        if (stored instanceof Waiting waiting) {
            start(waiting, now);
        } else if (stored instanceof Ended ended) {
            conclude(ended, now);
        }
    }

    /** One that runs is left to its attempt, which ends it when it was told to terminate. */
    private void revokeUnlessBegun(String id, Instant now) {
        if (store.get(id) instanceof Waiting waiting && withdraw(waiting.task())) {
            revoke(waiting.task(), RevokeReason.REVOKED, now);
            commitSoon(now);
        }
    }

    private boolean withdraw(AcceptedTask task) {
        return chains.withdraw(task)
                || holding.withdraw(limitedAs(task), task.id())
                || unpark(task)
                || caution.holds(task.id())
                || lane.withdraw(task.id());
    }

    /** What neither waits for others nor is in flight is parked; it may run since an earlier time that the partition was here. */
    private boolean unpark(AcceptedTask task) {
        if (inFlight.containsKey(task.id()) || runsHere(task.id(), task.origin().offset())) {
            return false;
        }
        (chains.hasTurn(task) ? turns : parking)
                .withdraw(task.id(), task.origin().offset());
        return true;
    }

    private void revoke(AcceptedTask task, RevokeReason reason, Instant now) {
        metrics.revoked(reason);
        finish(reporter.revoked(task, task.revision() + 1, reason, now), now);
    }

    /**
     * Takes what is due, or will be in a moment, so that a commit in between does not make it late. One that has the turn of
     * its chain goes past a full window, which may be full of those that wait for it.
     */
    private void startDue(Instant now) {
        var by = now.plus(settings.startAhead()).toEpochMilli();
        for (var id = turns.take(by); id != null; id = turns.take(by)) {
            startStored(id, now);
        }
        while (hasRoom()) {
            var id = parking.take(by);
            if (id == null) {
                return;
            }
            startStored(id, now);
        }
    }

    private void publishLeftOver(Instant now) {
        for (var id : List.copyOf(unpublished)) {
            var stored = store.get(id);
            if (stored instanceof Ended ended) {
                conclude(ended, now);
            } else if (stored instanceof Waiting waiting) {
                publishLeftOver(waiting, now);
            } else {
                unpublished.remove(id);
            }
        }
    }

    private void publishLeftOver(Waiting waiting, Instant now) {
        var sendable = sendable(waiting.unpublished(), now);
        if (sendable.isPresent()) {
            sendable.get().forEach(outlet::publish);
            metrics.retried();
            store.update(new Waiting(waiting.task(), waiting.due()));
            unpublished.remove(waiting.task().id());
        }
    }

    /** Publishes what a task has come to; it stays in the store until the topics of its next steps are known. */
    private void conclude(Ended ended, Instant now) {
        var id = ended.task().id();
        var sendable = sendable(ended.unpublished(), now);
        if (sendable.isEmpty()) {
            store.update(ended);
            unpublished.add(id);
            return;
        }
        sendable.get().forEach(outlet::publish);
        store.finish(id, now.toEpochMilli());
        metrics.finished(ended.state());
        unpublished.remove(id);
    }

    /** The same, with a dead letter in place of each next step that has no topic; empty while that is being found out. */
    private Optional<List<OutboundRecord>> sendable(List<OutboundRecord> publications, Instant now) {
        var sendable = new ArrayList<OutboundRecord>();
        var answers = new HashMap<String, StepCheck.Answer>(); // one answer for all steps to a topic
        var isPending = false;
        for (var publication : publications) {
            var answer = publication.isNextStep()
                    ? answers.computeIfAbsent(publication.topic(), topic -> steps.of(topic, lane::wake))
                    : null;
            isPending |= answer instanceof StepCheck.Answer.Pending;
            sendable.add(
                    answer instanceof StepCheck.Answer.Absent absent
                            ? reporter.undeliverable(publication, Reason.UNKNOWN_QUEUE, absent.why(), now)
                            : publication);
        }
        return isPending ? Optional.empty() : Optional.of(sendable);
    }

    /**
     * Exactly-once results are seen when they are committed: with nothing left to do in any partition of the thread, as they
     * share its transaction, that is at once, and under load at the commit interval, which a poll must not sleep through.
     */
    private void commitSoon(Instant now) {
        if (settings.exactlyOnce()) {
            publishedAt = store.flushes();
            if (gate != null) {
                gate.commitOwedAt(now.plus(settings.commitInterval()));
            }
        }
    }

    private void commitIfIdle() {
        if (wantsCommit() && (gate == null || gate.lastPollWasEmpty())) {
            context.commit();
        }
    }

    /** Whether somebody waits for what has been published, and nothing else will be in a moment. */
    private boolean wantsCommit() {
        return publishedAt == store.flushes() && (gate == null ? inFlight.isEmpty() : gate.isAtRest());
    }

    private boolean hasRoom() {
        return inFlight.size() < settings.window() && chains.waiting() + holding.size() < settings.maxHeld();
    }

    private void pauseIfFull() {
        if (!hasRoom() || parking.size() >= settings.maxParked()) {
            intake.pause();
        }
    }

    private boolean isHalfFull() {
        return inFlight.size() > settings.window() / 2
                || chains.waiting() + holding.size() > settings.maxHeld() / 2
                || parking.size() >= settings.maxParked();
    }

    /**
     * While something is in flight the thread comes by with every pass; while tasks only wait, when the first is due, and
     * once a second for what others may have asked.
     */
    private void scheduleTick() {
        tick.every(interval());
    }

    private @Nullable Duration interval() {
        if (!inFlight.isEmpty()
                || !unpublished.isEmpty()
                || lane.hasNews()
                || caution.wantsCommit(clock.instant())
                || wantsCommit()) {
            return Tick.BUSY;
        }
        var next = nextDue();
        if (next != null) {
            var left = Duration.between(clock.instant(), next);
            return left.compareTo(Tick.IDLE) < 0 ? Tick.BUSY : Tick.IDLE;
        }
        return store.remembersFinished() || commitsByTickOnly() ? Tick.IDLE : null;
    }

    /**
     * Streams commits what needs it: what has consumed, see {@link ConsumerGate#forceCommit}, or whose timer has fired since the
     * last commit. An owner that has consumed nothing has only its timer.
     */
    private boolean commitsByTickOnly() {
        return settings.exactlyOnce() && lastTaken < 0;
    }

    /** While attempts run their outcomes may have to be handed over, and under exactly-once a commit takes them along. */
    @Override
    public boolean owesPass() {
        return commitsByTickOnly() && tick.isBusy() && store.flushes() > passedAt;
    }

    @Override
    public TopicPartition source() {
        return source;
    }

    @Override
    public boolean hasWork() {
        return tick.isBusy() && (lane.hasNews() || caution.wantsCommit(clock.instant()) || wantsCommit());
    }

    @Override
    public @Nullable Instant nextDue() {
        var next = hasRoom() ? parking.nextDue() : null;
        var turn = turns.nextDue();
        var first = next == null || (turn != null && turn.isBefore(next)) ? turn : next;
        return first == null ? null : first.minus(settings.startAhead());
    }

    @Override
    public boolean isBusy() {
        return !inFlight.isEmpty();
    }

    @Override
    public void beforePoll() {
        answer();
        if (handOver.leaveIfIdle()) {
            commitByForce();
        }
        if (!tick.isScheduled()) {
            forgetRevocations();
        }
    }

    private void commitByForce() {
        context.commit();
        if (gate != null) {
            gate.forceCommit(source);
        }
    }

    /** Nothing is unfinished here, so none of them is about this partition. */
    private void forgetRevocations() {
        while (lane.pollRevoked() != null) {
            LOG.trace("{} has no unfinished task that could be revoked", source);
        }
    }

    private void answer() {
        for (var question = lane.pollQuestion(); question != null; question = lane.pollQuestion()) {
            question.answer().complete(explainer.explain(question.id()));
        }
    }

    @Override
    public boolean hasUnlogged() {
        return store.hasUnlogged();
    }

    @Override
    public void drain() {
        lane.drain();
    }

    @Override
    public boolean handOver(Duration patience) {
        return handOver.finish(patience);
    }

    @Override
    public void lost() {
        lane.close();
        store.discard();
    }

    void close() {
        lane.close();
        metrics.rememberedIds(-remembered);
        remembered = 0;
        caution.close(clock.instant());
        dispatcher.forget(lane);
        if (gate != null) {
            gate.close(this);
        }
    }

    /** The name that its handler's limits go by, which a task of an alias has not. */
    private String limitedAs(AcceptedTask task) {
        return handlers.find(name(task)).map(Handler::name).orElse(name(task));
    }

    private static String name(AcceptedTask task) {
        return task.task().task();
    }
}
