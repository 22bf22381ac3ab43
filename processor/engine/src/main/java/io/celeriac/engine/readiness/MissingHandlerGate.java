package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks tasks that this worker has no handler for, as their partition may move to a worker that has one. After {@code
 * celeriac.worker.unknown-task-patience} they pass, and their attempt fails. {@link DueGate} keeps them until then.
 *
 * <p>The patience counts from when the handler was first missed here: a task that was parked for days gets as long as a new one.
 */
public final class MissingHandlerGate implements Gate {

    private static final Logger LOG = LoggerFactory.getLogger(MissingHandlerGate.class);

    /** Names come with the records, so there may be any number of them. */
    private static final int MOST_WARNED = 100;

    private final TopicPartition partition;
    private final DueGate parking;
    private final Duration patience;
    private final Duration startAhead;
    private final Map<String, Instant> missingSince = new HashMap<>(); // by id
    private final Set<String> warned = new HashSet<>(); // names of tasks

    /**
     * @param startAhead what has no more patience left than that passes
     */
    public MissingHandlerGate(TopicPartition partition, DueGate parking, Duration patience, Duration startAhead) {
        this.partition = partition;
        this.parking = parking;
        this.patience = patience;
        this.startAhead = startAhead;
    }

    @Override
    public Stage stage() {
        return Stage.HANDLER;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        if (candidate.handler() != null) {
            return Verdict.PASS;
        }
        var givenUpAt = missingSince.computeIfAbsent(candidate.id(), id -> now).plus(patience);
        if (!now.plus(startAhead).isBefore(givenUpAt)) {
            return Verdict.PASS;
        }
        warnOnce(candidate.name());
        parking.park(candidate.task(), roundedUp(givenUpAt)); // or it would be taken and parked again within one pass
        return Verdict.WAIT;
    }

    /** The first whole millisecond that is not before an instant. */
    private static long roundedUp(Instant instant) {
        return instant.plusNanos(999_999).toEpochMilli();
    }

    private void warnOnce(String name) {
        if (warned.size() < MOST_WARNED && warned.add(name)) {
            LOG.warn(
                    "{} has tasks named \"{}\", which no handler of this worker runs: they are kept for {}",
                    partition,
                    name,
                    patience);
        }
    }

    @Override
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        var missed = missingSince.get(candidate.id());
        if (missed == null) {
            return null;
        }
        var isDue = candidate.due() <= now.toEpochMilli();
        return isDue ? new Wait(Stage.HANDLER, missed, missed.plus(patience)) : DueGate.untilDue(candidate);
    }

    /** How many tasks wait for a handler. */
    public int size() {
        return missingSince.size();
    }

    /** The task no longer waits for a handler. */
    public void forget(String id) {
        missingSince.remove(id);
    }
}
