package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.poison.PoisonPillGuard;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks until it is on record that they begin, after a process has died lately. {@link PoisonPillGuard#release} lets them go.
 *
 * @param runsHere whether a task already runs; it passes then
 */
public record QuarantineGate(PoisonPillGuard guard, ThreadGate threads, Window window, Predicate<AcceptedTask> runsHere)
        implements Gate {

    @Override
    public Stage stage() {
        return Stage.QUARANTINE;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        if (!guard.isCalledFor(candidate.task(), now) || runsHere.test(candidate.task())) {
            return Verdict.PASS;
        }
        guard.hold(new PoisonPillGuard.Held(threads.attempt(candidate), candidate.due()), now);
        return Verdict.WAIT;
    }

    /** What ends the task then makes the guard forget it. */
    @Override
    public boolean withdraw(Candidate candidate) {
        return guard.holds(candidate.id());
    }

    @Override
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        var since = window.since(candidate.id());
        if (since == null || !guard.holds(candidate.id())) {
            return null;
        }
        var due = Instant.ofEpochMilli(candidate.due());
        return due.isAfter(now)
                ? DueGate.untilDue(candidate)
                : new Wait(Stage.QUARANTINE, DueGate.later(since, due), guard.heldUntil(candidate.id(), now));
    }
}
