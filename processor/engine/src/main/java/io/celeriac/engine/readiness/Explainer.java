package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says why a task of the partition waits, and since when. It keeps nothing: the gates know. Belongs to the stream thread.
 *
 * @param pausedSince since when the queue is paused; gives null if it is not
 */
public record Explainer(
        UnfinishedTasks store,
        HandlerRegistry handlers,
        Readiness readiness,
        Supplier<@Nullable Instant> pausedSince,
        InstantSource clock) {

    /** The stages that end when a thread takes the task, which none does while the queue is paused. */
    private static final Set<Stage> HELD_BY_PAUSE =
            EnumSet.of(Stage.WINDOW, Stage.THREAD, Stage.HANDLER_LIMIT, Stage.QUARANTINE);

    /** Empty when the partition has no such task. */
    public Optional<Explanation> explain(String id) {
        var now = clock.instant();
        var stored = store.get(id);
        if (stored instanceof Ended ended) {
            return Optional.of(explanation(ended.task(), new Wait(Stage.OUTCOME, now, null)));
        }
        if (stored instanceof Waiting waiting) {
            var name = waiting.task().task().task();
            var candidate = new Candidate(waiting, handlers.find(name).orElse(null));
            var wait = Objects.requireNonNull(readiness.explain(candidate, now), id);
            return Optional.of(explanation(waiting.task(), orPause(wait)));
        }
        return Optional.empty();
    }

    private Wait orPause(Wait wait) {
        var since = pausedSince.get();
        return since == null || !HELD_BY_PAUSE.contains(wait.stage())
                ? wait
                : new Wait(Stage.PAUSE, DueGate.later(since, wait.since()), null);
    }

    private static Explanation explanation(AcceptedTask task, Wait wait) {
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
                wait.stage(),
                wait.since(),
                wait.until());
    }
}
