package io.celeriac.engine.readiness;

import io.celeriac.engine.poison.PoisonPillGuard;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends tasks that have been proven to kill their process. */
public record PoisonGate(PoisonPillGuard guard) implements Gate {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonGate.class);

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        var task = candidate.task();
        if (!guard.condemns(task)) {
            return Verdict.PASS;
        }
        LOG.error(
                "task {} ({}) is set aside: {} processes have died of it", task.id(), candidate.name(), task.deaths());
        return Verdict.POISONOUS;
    }
}
