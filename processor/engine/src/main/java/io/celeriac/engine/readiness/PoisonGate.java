package io.celeriac.engine.readiness;

import io.celeriac.engine.task.AcceptedTask;
import java.time.Instant;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends tasks that kill their process.
 *
 * @param isProven whether a task has been proven to do so
 */
public record PoisonGate(Predicate<AcceptedTask> isProven) implements Gate {

    private static final Logger LOG = LoggerFactory.getLogger(PoisonGate.class);

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        var task = candidate.task();
        if (!isProven.test(task)) {
            return Verdict.PASS;
        }
        LOG.error(
                "task {} ({}) is set aside: {} processes have died of it", task.id(), candidate.name(), task.deaths());
        return Verdict.POISONOUS;
    }
}
