package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation;
import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;

/** Says why a task of the partition waits, and since when. It keeps nothing: the gates know. Belongs to the stream thread. */
public record Explainer(UnfinishedTasks store, HandlerRegistry handlers, Readiness readiness, InstantSource clock) {

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
            return Optional.of(
                    explanation(waiting.task(), Objects.requireNonNull(readiness.explain(candidate, now), id)));
        }
        return Optional.empty();
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
