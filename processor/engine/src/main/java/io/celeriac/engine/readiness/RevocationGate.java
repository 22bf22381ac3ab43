package io.celeriac.engine.readiness;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Ends tasks that somebody has revoked, or whose queue was purged.
 *
 * @param runsHere whether a task already runs; its attempt decides then
 */
public record RevocationGate(Revocations revocations, Predicate<AcceptedTask> runsHere) implements Gate {

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        var reason = revocations.reason(candidate.task());
        if (reason == null || runsHere.test(candidate.task())) {
            return Verdict.PASS;
        }
        return reason == RevokeReason.PURGED ? Verdict.PURGED : Verdict.REVOKED;
    }
}
