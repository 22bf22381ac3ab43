package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A reason why a task may not run yet.
 *
 * <p>A gate lets a task pass, ends it, or keeps it. A gate that keeps tasks gives them back when they are withdrawn, and says since when it
 * keeps them. A task that may go on is started again, and then passes. All calls come from the stream thread.
 *
 * <p>To add a reason: write a gate, add what tasks wait for to {@link Stage}, and put the gate into the list in {@code PartitionGates}.
 * Add the reason to {@code ReadinessTest}, which tries every combination of reasons.
 */
public interface Gate {

    /** What a gate decides about a task that would run. */
    enum Verdict {
        PASS,
        WAIT,
        REVOKED,
        PURGED,
        EXPIRED,
        POISONOUS
    }

    /** Decides about a task; on {@link Verdict#WAIT} the gate has kept it. */
    Verdict admit(Candidate candidate, Instant now);

    /** What tasks wait for here; null where none ever does. */
    default @Nullable Stage stage() {
        return null;
    }

    /** Takes a task out that waits here; returns whether it did wait here. */
    default boolean withdraw(Candidate candidate) {
        return false;
    }

    /** Says what a task waits for here; null if it does not wait here. */
    default @Nullable Wait explain(Candidate candidate, Instant now) {
        return null;
    }
}
