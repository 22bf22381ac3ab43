package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says why a task of the partition waits, and since when. It keeps nothing of its own: where a task is follows from who has it, and
 * who has it knows since when. Belongs to the stream thread.
 *
 * @param inFlight since when they wait for a thread, by their ids
 * @param missingSince since when no handler was found for them, by their ids
 */
public record Explainer(
        QueueProperties settings,
        HandlerRegistry handlers,
        Dispatcher dispatcher,
        UnfinishedTasks store,
        AttemptQueue lane,
        Map<String, Instant> inFlight,
        Map<String, Instant> missingSince,
        KeyOrder chains,
        HandlerLimitQueue holding,
        PoisonPillGuard caution,
        InstantSource clock) {

    /** Empty when the partition has no such task. */
    public Optional<Explanation> explain(String id) {
        var stored = store.get(id);
        if (stored instanceof Ended ended) {
            return Optional.of(explanation(ended.task(), Stage.OUTCOME, clock.instant(), null));
        }
        return stored instanceof Waiting waiting ? Optional.of(explain(waiting)) : Optional.empty();
    }

    private Explanation explain(Waiting waiting) {
        var task = waiting.task();
        var name = task.task().task();
        var startedAt = lane.running().get(task.id());
        var due = Instant.ofEpochMilli(waiting.due());
        if (startedAt != null) {
            return explanation(task, Stage.RUNNING, startedAt, null);
        }
        if (due.isAfter(clock.instant())) {
            return explanation(task, task.attempts() > 0 ? Stage.RETRY : Stage.ETA, enqueuedAt(task), due);
        }
        var turn = chains.since(task);
        if (turn != null) {
            return explanation(task, Stage.TURN, turn, null);
        }
        var handler = handlers.find(name);
        var held = holding.since(handler.map(Handler::name).orElse(name), task.id());
        if (held != null) {
            return explanation(task, Stage.HANDLER_LIMIT, held, null);
        }
        var dispatched = inFlight.get(task.id());
        if (dispatched != null) {
            var until = caution.heldUntil(task.id(), clock.instant());
            return explanation(task, inFlightStage(task, handler), later(dispatched, due), until);
        }
        var missed = missingSince.get(task.id());
        if (missed != null) {
            return explanation(task, Stage.HANDLER, missed, missed.plus(settings.unknownTaskPatience()));
        }
        return explanation(task, Stage.WINDOW, later(due, enqueuedAt(task)), null);
    }

    private Stage inFlightStage(AcceptedTask task, Optional<Handler> handler) {
        if (caution.holds(task.id())) {
            return Stage.CAUTION;
        }
        return handler.isPresent() && dispatcher.isAtLimit(handler.get()) ? Stage.HANDLER_LIMIT : Stage.THREAD;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** When it came, or its last attempt failed. */
    private static Instant enqueuedAt(AcceptedTask task) {
        var history = task.history();
        return history.isEmpty()
                ? task.acceptedAt()
                : history.get(history.size() - 1).finishedAt();
    }

    private static Explanation explanation(AcceptedTask task, Stage stage, Instant since, @Nullable Instant until) {
        var origin = task.origin();
        return new Explanation(
                task.id(),
                task.task().task(),
                origin.queue(),
                origin.partition(),
                origin.offset(),
                task.attempts(),
                task.deaths(),
                task.acceptedAt(),
                stage,
                since,
                until);
    }
}
