package io.celeriac.engine.readiness;

import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Ends tasks that somebody has revoked.
 *
 * @param runsHere whether a task already runs; its attempt decides then
 */
public record RevocationGate(Revocations revocations, Predicate<AcceptedTask> runsHere) implements Gate {

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        return revocations.contains(candidate.id()) && !runsHere.test(candidate.task())
                ? Verdict.REVOKED
                : Verdict.PASS;
    }
}
