package io.celeriac.engine.readiness;

import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Ends tasks whose {@code expires} has passed.
 *
 * @param runsHere whether a task already runs; its attempt decides then
 */
public record ExpiryGate(Predicate<AcceptedTask> runsHere) implements Gate {

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        return candidate.task().isExpired(now) && !runsHere.test(candidate.task()) ? Verdict.EXPIRED : Verdict.PASS;
    }
}
