package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.readiness.Gate.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one answer to the question why a task does not run yet: an ordered list of {@linkplain Gate gates}.
 *
 * <p>A task is started by passing all of them from the first to the last. It is withdrawn from, and its wait is explained by, the last
 * gate that it has reached; so both ask from the last to the first. Belongs to the stream thread.
 */
public final class Readiness {

    private final List<Gate> gates;
    private final List<Gate> fromTheLast;
    private final Consumer<Stage> held;

    /**
     * @param gates in the order in which a task meets them
     * @param held is told what a task waits for, each time that one begins to wait
     */
    public Readiness(List<Gate> gates, Consumer<Stage> held) {
        this.gates = List.copyOf(gates);
        this.held = held;
        var reversed = new ArrayList<>(gates);
        Collections.reverse(reversed);
        this.fromTheLast = List.copyOf(reversed);
    }

    /** Asks the gates in order; the first that does not let the task pass decides. */
    public Verdict start(Candidate candidate, Instant now) {
        for (var gate : gates) {
            var verdict = gate.admit(candidate, now);
            if (verdict != Verdict.PASS) {
                var stage = gate.stage();
                if (verdict == Verdict.WAIT && stage != null) {
                    held.accept(stage);
                }
                return verdict;
            }
        }
        return Verdict.PASS;
    }

    /** Takes a task out of where it waits; false when it waits nowhere, because it runs. */
    public boolean withdraw(Candidate candidate) {
        for (var gate : fromTheLast) {
            if (gate.withdraw(candidate)) {
                return true;
            }
        }
        return false;
    }

    /** Says what a task waits for, or that it runs. Null only where no gate knows it. */
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        for (var gate : fromTheLast) {
            var wait = gate.explain(candidate, now);
            if (wait != null) {
                return wait;
            }
        }
        return null;
    }
}
