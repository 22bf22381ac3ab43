package io.celeriac.engine.readiness;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a partition that have been handed over: they wait for quarantine or a thread, or run. The partition takes no more tasks
 * while they fill its window, so a task that has come this far passes.
 */
public final class Window implements Gate {

    private final Map<String, Instant> handedOver = new HashMap<>(); // since when, by id

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        enter(candidate.id(), now);
        return Verdict.PASS;
    }

    /** Counts a task from now on; one that is here is counted anew. */
    public void enter(String id, Instant now) {
        handedOver.put(id, now);
    }

    public void leave(String id) {
        handedOver.remove(id);
    }

    public boolean contains(String id) {
        return handedOver.containsKey(id);
    }

    /** Since when a task is here; null where it is not. */
    @Nullable
    Instant since(String id) {
        return handedOver.get(id);
    }

    public int size() {
        return handedOver.size();
    }

    public boolean isEmpty() {
        return handedOver.isEmpty();
    }
}
