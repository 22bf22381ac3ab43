package io.celeriac.engine.stream;

import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.readiness.Candidate;
import io.celeriac.engine.readiness.DueGate;
import io.celeriac.engine.readiness.ExpiryGate;
import io.celeriac.engine.readiness.Explainer;
import io.celeriac.engine.readiness.Gate.Verdict;
import io.celeriac.engine.readiness.HandlerLimitQueue;
import io.celeriac.engine.readiness.KeyOrder;
import io.celeriac.engine.readiness.MissingHandlerGate;
import io.celeriac.engine.readiness.PartitionCount;
import io.celeriac.engine.readiness.PartitionRoom;
import io.celeriac.engine.readiness.PoisonGate;
import io.celeriac.engine.readiness.QuarantineGate;
import io.celeriac.engine.readiness.Readiness;
import io.celeriac.engine.readiness.RevocationGate;
import io.celeriac.engine.readiness.ThreadGate;
import io.celeriac.engine.readiness.Window;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The gates of a partition, in the order in which a task meets them. Belongs to the stream thread. */
final class PartitionGates {

    private final QueueProperties settings;
    private final TopicPartition source;
    private final Dispatcher dispatcher;
    private final HandlerRegistry handlers;
    private final AttemptQueue attempts;
    private final UnfinishedTasks store;
    private final EngineMetrics metrics;
    private final Revocations revocations;

    private final KeyOrder keyOrder;
    private final DueGate due;
    private final PoisonPillGuard guard;
    private final MissingHandlerGate missingHandlers;
    private final HandlerLimitQueue handlerLimits;
    private final Window window = new Window();
    private final ThreadGate threads;
    private final PartitionRoom room;
    private final Readiness readiness;
    private final Explainer explainer;

    PartitionGates(
            QueueProperties settings,
            QueueContext queue,
            TopicPartition source,
            AttemptQueue attempts,
            UnfinishedTasks store) {
        this.settings = settings;
        this.source = source;
        this.dispatcher = queue.dispatcher();
        this.handlers = queue.handlers();
        this.attempts = attempts;
        this.store = store;
        this.metrics = queue.metrics();
        this.revocations = queue.revocations();
        this.keyOrder = new KeyOrder(settings.order());
        this.due = new DueGate(keyOrder, settings.startAhead(), this::isStarted);
        this.guard = new PoisonPillGuard(
                PoisonPillGuard.Threads.of(attempts, dispatcher),
                settings.maxDeaths(),
                queue.quarantine(),
                store::contains);
        this.missingHandlers =
                new MissingHandlerGate(source, due, settings.unknownTaskPatience(), settings.startAhead());
        this.handlerLimits = new HandlerLimitQueue(settings.window(), dispatcher::limits);
        this.threads = new ThreadGate(attempts, dispatcher, handlers, window, guard::holds);
        this.room = new PartitionRoom(settings, window, keyOrder, handlerLimits, due);
        this.readiness = new Readiness(
                List.of(
                        new RevocationGate(revocations, this::runsHere),
                        new ExpiryGate(this::runsHere),
                        due,
                        keyOrder,
                        new PoisonGate(guard::condemns),
                        missingHandlers,
                        handlerLimits,
                        window,
                        new QuarantineGate(guard, threads, window, this::runsHere),
                        threads),
                metrics::held);
        this.explainer = new Explainer(
                store, handlers, readiness, () -> dispatcher.pausedSince(settings.queue()), queue.clock());
    }

    /** Lets a task pass all gates to a thread, unless one keeps or ends it. */
    Verdict start(Waiting waiting, Instant now) {
        var candidate = candidate(waiting);
        var handler = candidate.handler();
        var isAtLimit = handler != null && dispatcher.isAtLimit(handler);
        var verdict = readiness.start(candidate, now);
        if (isAtLimit && window.contains(candidate.id())) {
            metrics.held(Stage.HANDLER_LIMIT);
        }
        return verdict;
    }

    /** Takes a task out of where it waits; false when it runs. */
    boolean withdraw(Waiting waiting) {
        return readiness.withdraw(candidate(waiting));
    }

    /** Lets the tasks go that waited in quarantine and no longer have to. In a paused queue none goes: its trial could not begin. */
    void release(Instant now) {
        if (isPaused()) {
            guard.rest(now);
            return;
        }
        guard.release(store.flushes(), now).forEach(held -> {
            window.enter(held.id(), now);
            threads.dispatch(held.attempt(), held.due(), now);
        });
    }

    /** Whether the quarantine waits for a commit. */
    boolean wantsCommit(Instant now) {
        return isPaused() ? guard.wantsCommitForRunning(now) : guard.wantsCommit(now);
    }

    /** Since when the first of the parked tasks is due; null if none is. A task that came without eta is due since it came. */
    private @Nullable Instant oldestDue(Instant now) {
        var id = due.firstDue(now);
        return id != null && store.get(id) instanceof Waiting waiting
                ? DueGate.later(waiting.task().readyAt(), Instant.ofEpochMilli(waiting.due()))
                : null;
    }

    private boolean isPaused() {
        return dispatcher.pausedSince(settings.queue()) != null;
    }

    /**
     * Takes a task out of the gates: its attempt has ended, or it will have none.
     *
     * @return the ids of tasks that have a place in the handler's limit now
     */
    List<String> leave(AcceptedTask task, Instant now) {
        window.leave(task.id());
        missingHandlers.forget(task.id());
        guard.forget(task.id(), now);
        return handlerLimits.leave(candidate(new Waiting(task, 0)), store::contains);
    }

    /** Ends the turn of a task; returns the id of the next of its key, null for none. */
    @Nullable
    String endTurn(AcceptedTask task) {
        return keyOrder.end(task, store::contains);
    }

    /** Counts the unfinished tasks by what they wait for. */
    PartitionPart count(Instant now) {
        return new PartitionCount(due, keyOrder, missingHandlers, handlerLimits, guard, window, attempts)
                .of(source.partition(), isPaused(), oldestDue(now), now);
    }

    /** Says where an unfinished task is; empty when the partition has no such task. */
    Optional<Explanation> explain(String id) {
        return explainer.explain(id);
    }

    /** Whether a new task will be ended by the first gates. */
    boolean endsAtOnce(AcceptedTask task, Instant now) {
        return task.isExpired(now) || revocations.reason(task) != null;
    }

    /** The state of an unfinished task, by its id; null when it is not here. */
    @Nullable
    TaskState stateOf(String id) {
        var stored = store.get(id);
        if (stored == null) {
            return null;
        }
        if (stored instanceof Ended ended) {
            return ended.state();
        }
        var task = stored.task();
        if (attempts.running().containsKey(id) || runsHere(task)) {
            return TaskState.STARTED;
        }
        return task.attempts() > 0 ? TaskState.RETRY : TaskState.PENDING;
    }

    /** Whether a task still runs in this process from an earlier life of the partition. */
    boolean runsHere(String id, long offset) {
        return dispatcher.runs(settings.queue(), source.partition(), offset, id);
    }

    private boolean runsHere(AcceptedTask task) {
        return runsHere(task.id(), task.origin().offset());
    }

    /** Whether a task waits for a thread or runs, or still runs from an earlier life of the partition here. */
    private boolean isStarted(AcceptedTask task) {
        return window.contains(task.id()) || runsHere(task);
    }

    private Candidate candidate(Waiting waiting) {
        var name = waiting.task().task().task();
        return new Candidate(waiting, handlers.find(name).orElse(null));
    }

    /** Whether a task waits until another has ended. */
    boolean holdsTasks() {
        return keyOrder.waiting() > 0 || handlerLimits.size() > 0 || guard.holdsAny();
    }

    DueGate due() {
        return due;
    }

    KeyOrder keyOrder() {
        return keyOrder;
    }

    PoisonPillGuard guard() {
        return guard;
    }

    Window window() {
        return window;
    }

    PartitionRoom room() {
        return room;
    }
}
