package io.celeriac.engine.stream;

import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.RevokeReason;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskIds;
import io.celeriac.contract.TaskJson;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Lane;
import io.celeriac.engine.attempt.Origin;
import io.celeriac.engine.attempt.Publication;
import io.celeriac.engine.attempt.Report;
import io.celeriac.engine.attempt.Reporter;
import io.celeriac.engine.attempt.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.UnknownTaskException;
import io.celeriac.engine.stream.StoredTask.Ended;
import io.celeriac.engine.stream.StoredTask.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the tasks of one partition, from their records to their outcomes.
 *
 * <pre>
 * in       a queue's topic       key → Task
 * out      results               id → TaskResult
 *          next-steps            the tasks that a finished one emits
 *          dead-letters          the record, unchanged, that is no task or has failed
 * store    unfinished-tasks      what has been taken in and has not come to its end
 * time     wall clock; what waits for its time survives a rebalance
 * fails    never drops: what it cannot read or finish is a dead letter, with the reason
 *
 *           process()                       due, has its turn                attempt's thread
 *  record ──▶ admit ──▶ Waiting (store) ──▶ start ──▶ Lane ──▶ Dispatcher ──▶ handler
 *               │ eta         ▲                                                 │
 *               ▼             │ retry                                           ▼
 *            Parking ─────────┴───────────── settle ◀── tick() ◀── signal ◀── Report
 *                                              └──▶ results, next-steps, dead-letters
 * </pre>
 *
 * <p>Everything here runs on the stream thread. Attempts' threads touch the {@link Lane} and the gate's signal, and no more.
 */
final class TaskProcessor implements Processor<byte[], byte[], byte[], Publication>, ConsumerGate.Partition {

    private static final Logger LOG = LoggerFactory.getLogger(TaskProcessor.class);
    private static final Duration BUSY_TICK = Duration.ofMillis(1);
    private static final Duration IDLE_TICK = Duration.ofSeconds(1);

    private final QueueSettings settings;
    private final HandlerRegistry handlers;
    private final Dispatcher dispatcher;
    private final Reporter reporter;
    private final Revocations revocations;
    private final Published published;
    private final InstantSource clock;
    private final EngineMetrics metrics;

    private final Set<String> unknown = new HashSet<>(); // names of tasks, warned of once

    // All below is set by init, which comes again when Streams revives a task after a failure: same object, new life.
    private ProcessorContext<byte[], Publication> context;
    private UnfinishedTasks store;
    private TopicPartition source;
    private @Nullable ConsumerGate gate;
    private Lane lane;
    private Parking parking;
    private Parking turns; // those that wait for their time and hold up the others of their chain
    private Chains chains;
    private Set<String> inFlight; // waits for its turn or a thread, or runs
    private List<String> endedElsewhere;
    private boolean paused;
    private @Nullable Cancellable tick;
    private @Nullable Duration tickInterval;

    @SuppressWarnings("NullAway.Init") // Streams calls init before anything else
    TaskProcessor(QueueSettings settings, Collaborators with) {
        this.settings = settings;
        this.handlers = with.handlers();
        this.dispatcher = with.dispatcher();
        this.reporter = with.reporter();
        this.revocations = with.revocations();
        this.published = with.published();
        this.clock = with.clock();
        this.metrics = with.metrics();
    }

    @Override
    public void init(ProcessorContext<byte[], Publication> newContext) {
        context = newContext;
        store = newContext.getStateStore(TaskTopology.STORE);
        source = new TopicPartition(settings.topic(), newContext.taskId().partition());
        gate = ConsumerGate.ofThread();
        lane = new Lane(gate == null ? () -> {} : gate::signal);
        parking = new Parking();
        turns = new Parking();
        chains = new Chains(settings.order());
        inFlight = new HashSet<>();
        endedElsewhere = new ArrayList<>();
        paused = false;
        tick = null;
        tickInterval = null;
        if (!settings.exactlyOnce()) {
            store.barrier(barrier(newContext.taskId()));
        }
        if (gate != null) {
            gate.open(this);
        }
        dispatcher.open(lane);
        restore();
        scheduleTick();
    }

    /** A send that has failed since this life began has to be made again, by bringing its task back. */
    private Runnable barrier(TaskId task) {
        var failedBefore = published.failures();
        return () -> {
            published.flush();
            if (published.failures() != failedBefore) {
                throw new TaskCorruptedException(Set.of(task));
            }
        };
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        var origin = origin(record);
        try {
            var task = TaskJson.task(origin.value() == null ? new byte[0] : origin.value());
            if (reporter.isAcceptable(origin)) {
                admit(origin, task);
            } else {
                setAside(origin, "it is too large", reporter.tooLarge(origin, clock.instant()));
            }
        } catch (InvalidTaskException e) {
            var why = String.valueOf(e.getMessage());
            setAside(origin, why, reporter.unreadable(origin, why, clock.instant()));
        }
        scheduleTick();
    }

    private void setAside(Origin origin, String why, Publication deadLetter) {
        metrics.unreadable();
        LOG.warn("record {}/{} is set aside: {}", source, origin.offset(), why);
        publish(deadLetter);
    }

    private void admit(Origin origin, Task task) {
        var id = task.id() == null ? TaskIds.ofRecord(origin.topic(), origin.partition(), origin.offset()) : task.id();
        if (store.contains(id) || store.finishedLately(id)) {
            metrics.duplicate();
            return;
        }
        var accepted = AcceptedTask.first(
                origin, task.id() == null ? task.toBuilder().id(id).build() : task);
        var now = clock.instant();
        var due = task.eta() == null ? 0 : task.eta().toEpochMilli();
        var waiting = new Waiting(accepted, due, now.toEpochMilli());
        store.add(waiting);
        metrics.accepted();
        if (revocations.contains(id)) {
            revoke(waiting, RevokeReason.REVOKED, now);
        } else if (accepted.isExpired(now)) {
            revoke(waiting, RevokeReason.EXPIRED, now);
        } else if (due > now.toEpochMilli()) {
            park(waiting);
        } else {
            start(waiting, now);
        }
    }

    private void park(Waiting waiting) {
        parkUntil(waiting.due(), waiting.task());
    }

    private void parkUntil(long due, AcceptedTask task) {
        (chains.hasTurn(task) ? turns : parking)
                .add(task.id(), due, task.origin().offset());
        pauseIfFull();
    }

    /** Hands a task over, as soon as it has its turn. */
    private void start(Waiting waiting, Instant now) {
        var task = waiting.task();
        inFlight.add(task.id());
        pauseIfFull();
        if (!chains.enter(task)) {
            return;
        }
        var name = task.task().task();
        var givenUpAt = waiting.acceptedAt() + settings.unknownTaskPatience().toMillis();
        var handler = handlers.find(name);
        if (handler.isEmpty() && now.toEpochMilli() < givenUpAt) {
            warnOnce(name);
            inFlight.remove(task.id()); // this worker will never have one, but the partition may move to one that has
            parkUntil(givenUpAt, task);
        } else {
            dispatch(waiting, handler.orElseGet(() -> UnknownTaskException.handler(name, handlers.names())), now);
        }
    }

    private void warnOnce(String task) {
        if (unknown.add(task)) {
            LOG.warn(
                    "{} has tasks named \"{}\", which no handler of this worker runs: they are kept for {}",
                    source,
                    task,
                    settings.unknownTaskPatience());
        }
    }

    private void dispatch(Waiting waiting, Handler handler, Instant now) {
        var attempt = new Attempt(lane, waiting.task(), handler);
        if (waiting.due() > now.toEpochMilli()) {
            dispatcher.submitAt(attempt, Instant.ofEpochMilli(waiting.due()));
        } else {
            dispatcher.submit(attempt);
        }
    }

    private void tick(long passStarted) {
        var now = clock.instant(); // the pass may have started long ago
        publishEndedElsewhere(now);
        for (var report = lane.poll(); report != null; report = lane.poll()) {
            settle(report, now);
        }
        for (var id = lane.pollRevoked(); id != null; id = lane.pollRevoked()) {
            revokeUnlessBegun(id, now);
        }
        startDue(now);
        store.expire(now.toEpochMilli());
        if (paused && inFlight.size() <= settings.window() / 2 && parking.size() < settings.maxParked()) {
            resume();
        }
        scheduleTick();
    }

    private void settle(Report report, Instant now) {
        if (!(store.get(report.id()) instanceof Waiting waiting)) {
            return; // it has come to its end before: revoked, or run elsewhere meanwhile
        }
        if (report instanceof Report.Progressed progressed) {
            progressed.publications().forEach(this::publish);
        } else if (report instanceof Report.Retried retried) {
            inFlight.remove(retried.id());
            var again = waiting.retried(
                    retried.failure(), retried.revision(), retried.due().toEpochMilli());
            store.update(again);
            retried.publications().forEach(this::publish);
            metrics.retried();
            park(again);
        } else if (report instanceof Report.Finished finished) {
            finish(waiting.task(), finished, now);
        }
        commitSoon(now);
    }

    private void finish(AcceptedTask task, Report.Finished finished, Instant now) {
        finished.publications().forEach(this::publish);
        store.finish(task.id(), now.toEpochMilli());
        inFlight.remove(task.id());
        metrics.finished(finished.state());
        if (chains.exist()) {
            var next = chains.end(task, store::contains);
            if (next != null && store.get(next) instanceof Waiting waiting) {
                start(waiting, now);
            }
        }
    }

    /** One that runs is left to its attempt, which ends it when it was told to terminate. */
    private void revokeUnlessBegun(String id, Instant now) {
        if (store.get(id) instanceof Waiting waiting
                && (!inFlight.contains(id) || chains.withdraw(waiting.task()) || lane.withdraw(id))) {
            revoke(waiting, RevokeReason.REVOKED, now);
            commitSoon(now);
        }
    }

    private void revoke(Waiting waiting, RevokeReason reason, Instant now) {
        var task = waiting.task();
        finish(task, reporter.revoked(task, task.revision() + 1, reason, now), now);
    }

    /**
     * Takes what is due, or will be in a moment, so that a commit in between does not make it late. One that has the turn of
     * its chain goes past a full window, which may be full of those that wait for it.
     */
    private void startDue(Instant now) {
        var by = now.plus(settings.startAhead()).toEpochMilli();
        for (var id = turns.take(by); id != null; id = turns.take(by)) {
            startParked(id, now);
        }
        while (inFlight.size() < settings.window()) {
            var id = parking.take(by);
            if (id == null) {
                return;
            }
            startParked(id, now);
        }
    }

    private void startParked(String id, Instant now) {
        if (store.get(id) instanceof Waiting waiting) {
            start(waiting, now);
        }
    }

    /** Everything that an earlier owner of the partition left behind; where there are chains, in the order of the records. */
    private void restore() {
        var before = new TreeMap<Long, String>();
        store.restore((id, outline) -> {
            if (store.finishedSince(id, outline.acceptedAt())) {
                store.finish(id, clock.millis()); // its mark was logged and its removal was not
            } else if (outline.ended()) {
                endedElsewhere.add(id);
            } else if (chains.exist() && outline.attempts() > 0) {
                before.put(outline.offset(), id);
            } else {
                parking.add(id, outline.due(), outline.offset());
            }
        });
        before.values().forEach(this::enterBefore);
        if (parking.size() + turns.size() > 0) {
            LOG.info("{} brings back {} unfinished tasks", source, parking.size() + turns.size());
        }
    }

    /** A task that has begun before has the turn of its chain since then. */
    private void enterBefore(String id) {
        if (store.get(id) instanceof Waiting waiting) {
            chains.enter(waiting.task());
            park(waiting);
        }
    }

    private void publishEndedElsewhere(Instant now) {
        for (var id : endedElsewhere) {
            if (store.get(id) instanceof Ended ended) {
                ended.publications().forEach(this::publish);
                store.finish(id, now.toEpochMilli());
            }
        }
        endedElsewhere.clear();
    }

    private void publish(Publication publication) {
        var record =
                new Record<>(publication.key(), publication, clock.millis(), new RecordHeaders(publication.headers()));
        var sink = switch (publication.destination()) {
            case RESULTS -> TaskTopology.RESULTS;
            case NEXT_STEPS -> TaskTopology.NEXT_STEPS;
            case DEAD_LETTERS -> TaskTopology.DEAD_LETTERS;
        };
        context.forward(record, sink);
    }

    /**
     * Exactly-once results are seen when they are committed: with nothing left to do, that is now, and under load at the
     * commit interval, which a poll must not sleep through.
     */
    private void commitSoon(Instant now) {
        if (!settings.exactlyOnce()) {
            return;
        }
        if (inFlight.isEmpty()) {
            context.commit();
        } else if (gate != null) {
            gate.commitOwedAt(now.plus(settings.commitInterval()));
        }
    }

    private void pauseIfFull() {
        var full = inFlight.size() >= settings.window() || parking.size() >= settings.maxParked();
        if (full && !paused && gate != null) {
            paused = true;
            metrics.paused();
            gate.pause(source);
        }
    }

    private void resume() {
        paused = false;
        if (gate != null) {
            gate.resume(source);
        }
    }

    /**
     * Nothing to do, no tick: each one that fires makes Streams commit. While something is in flight it comes with every
     * pass; while tasks only wait, when the first is due, and once a second for what others may have asked.
     */
    private void scheduleTick() {
        var interval = interval();
        if (interval == null ? tickInterval == null : interval.equals(tickInterval)) {
            return;
        }
        if (tick != null) {
            tick.cancel();
            tick = null;
        }
        tickInterval = interval;
        if (interval != null) {
            tick = context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, this::tick);
        }
    }

    private @Nullable Duration interval() {
        if (!inFlight.isEmpty() || !endedElsewhere.isEmpty() || lane.hasNews()) {
            return BUSY_TICK;
        }
        var next = nextDue();
        if (next != null) {
            var left = Duration.between(clock.instant(), next);
            return left.compareTo(IDLE_TICK) < 0 ? BUSY_TICK : IDLE_TICK;
        }
        return store.remembersFinished() ? IDLE_TICK : null;
    }

    @Override
    public TopicPartition source() {
        return source;
    }

    @Override
    public boolean hasWork() {
        return lane.hasNews();
    }

    @Override
    public @Nullable Instant nextDue() {
        var next = inFlight.size() < settings.window() ? parking.nextDue() : null;
        var turn = turns.nextDue();
        var first = next == null || (turn != null && turn.isBefore(next)) ? turn : next;
        return first == null ? null : first.minus(settings.startAhead());
    }

    @Override
    public boolean hasUnlogged() {
        return store.hasUnlogged();
    }

    @Override
    public void drain() {
        lane.drain();
    }

    /**
     * What ends in time is logged with its outcome, and the next owner publishes it without running it again; nothing can
     * be published any more here. Under at-least-once it is logged at once, no offset being involved; under exactly-once it
     * has to be in the transaction that Streams commits for the revocation.
     */
    @Override
    public boolean handOver(Duration patience) {
        try {
            if (!lane.awaitIdle(patience)) {
                LOG.info(
                        "{} moves with {} tasks running: they will run again at its next owner",
                        source,
                        lane.running());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var logged = 0;
        for (var report = lane.poll(); report != null; report = lane.poll()) {
            logged += logged(report) ? 1 : 0;
        }
        lane.close();
        if (logged > 0 && !settings.exactlyOnce()) {
            store.flushCache();
            published.flush();
        }
        return logged > 0;
    }

    private boolean logged(Report report) {
        if (!(store.get(report.id()) instanceof Waiting waiting)) {
            return false;
        }
        if (report instanceof Report.Finished finished) {
            var ended = new Ended(waiting.task(), waiting.acceptedAt(), finished.publications());
            if (!reporter.fits(store.size(ended))) {
                return false; // the task, its result and its dead letter do not fit into one record: it runs again
            }
            store.update(ended);
        } else if (report instanceof Report.Retried retried) {
            store.update(waiting.retried(
                    retried.failure(), retried.revision(), retried.due().toEpochMilli()));
        }
        return true;
    }

    @Override
    public void lost() {
        lane.close();
        store.discard();
    }

    @Override
    public void close() {
        lane.close();
        dispatcher.forget(lane);
        if (gate != null) {
            gate.close(this);
        }
    }

    private Origin origin(Record<byte[], byte[]> record) {
        var metadata = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record of a source has its place"));
        return new Origin(
                settings.queue(),
                metadata.topic(),
                metadata.partition(),
                metadata.offset(),
                Instant.ofEpochMilli(Math.max(0, record.timestamp())),
                record.key(),
                record.value(),
                record.headers());
    }
}
