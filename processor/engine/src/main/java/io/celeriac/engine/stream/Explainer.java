package io.celeriac.engine.stream;

import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Lane;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.stream.StoredTask.Ended;
import io.celeriac.engine.stream.StoredTask.Waiting;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says why a task of the partition waits, and since when. It keeps nothing of its own: where a task is follows from who has it.
 * Belongs to the stream thread.
 */
record Explainer(
        QueueSettings settings,
        HandlerRegistry handlers,
        Dispatcher dispatcher,
        UnfinishedTasks store,
        Lane lane,
        Set<String> inFlight,
        Chains chains,
        Holding holding,
        Caution caution,
        InstantSource clock) {

    /** Empty when the partition has no such task. */
    Optional<Explanation> explain(String id) {
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
        var since = due.isAfter(enqueuedAt(task)) ? due : enqueuedAt(task);
        if (chains.holds(task)) {
            return explanation(task, Stage.TURN, since, null);
        }
        if (holding.holds(name, task.id())) {
            return explanation(task, Stage.HANDLER_LIMIT, since, null);
        }
        var handler = handlers.find(name);
        if (inFlight.contains(task.id())) {
            return explanation(task, inFlightStage(task, handler), since, null);
        }
        if (handler.isEmpty()) {
            return explanation(task, Stage.HANDLER, since, task.acceptedAt().plus(settings.unknownTaskPatience()));
        }
        return explanation(task, Stage.WINDOW, since, null);
    }

    private Stage inFlightStage(AcceptedTask task, Optional<Handler> handler) {
        if (caution.holds(task.id())) {
            return Stage.CAUTION;
        }
        return handler.isPresent() && dispatcher.isAtLimit(handler.get()) ? Stage.HANDLER_LIMIT : Stage.THREAD;
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
