package io.celeriac.schedule.firing;

import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides which due firings start now, by the schedule's {@link Overlap} and its unfinished firings. For one use. */
final class Overlapping {

    private static final String NOT_ENDED = "an earlier firing had not ended";
    private static final String FULL = "an earlier firing had not ended, and another waited for it";
    private static final String REPLACED = "a later firing took its place while an earlier one had not ended";

    private final Overlap policy;
    private final Collection<String> running;
    private final List<ScheduleFiring> firings = new ArrayList<>();
    private List<String> toRevoke = List.of();
    private boolean busy;
    private @Nullable Instant buffered;

    /**
     * @param running ids of the tasks that have not ended
     */
    Overlapping(Overlap policy, Collection<String> running) {
        this.policy = policy;
        this.running = running;
        busy = !running.isEmpty();
    }

    /**
     * Decides; called once.
     *
     * @param waiting the firing that already waits; null if none does
     * @param due firings that would be emitted, oldest first
     */
    void decide(@Nullable ScheduleFiring waiting, List<ScheduleFiring> due) {
        var candidates = new ArrayList<ScheduleFiring>();
        if (waiting != null) {
            candidates.add(waiting);
        }
        candidates.addAll(due);
        switch (policy) {
            case ALLOW -> firings.addAll(candidates);
            case SKIP -> candidates.forEach(firing -> begin(firing, () -> firings.add(firing.skipped(NOT_ENDED))));
            case BUFFER_ONE -> candidates.forEach(firing -> begin(firing, () -> buffer(firing)));
            case CANCEL_OTHER -> beginLast(candidates, waiting);
        }
    }

    private void begin(ScheduleFiring firing, Runnable otherwise) {
        if (busy) {
            otherwise.run();
        } else {
            firings.add(firing);
            busy = true;
        }
    }

    private void buffer(ScheduleFiring firing) {
        if (buffered == null) {
            buffered = firing.fireTime();
        } else {
            firings.add(firing.skipped(FULL));
        }
    }

    private void beginLast(List<ScheduleFiring> candidates, @Nullable ScheduleFiring waiting) {
        if (candidates.isEmpty()) {
            return;
        }
        var last = candidates.get(candidates.size() - 1);
        candidates.subList(0, candidates.size() - 1).forEach(firing -> firings.add(firing.skipped(REPLACED)));
        begin(last, () -> {
            buffered = last.fireTime();
            if (!last.equals(waiting)) { // otherwise they were revoked when it started to wait
                toRevoke = List.copyOf(running);
            }
        });
    }

    /** The firings to emit, and those to skip. */
    List<ScheduleFiring> firings() {
        return firings;
    }

    /** Fire time of the firing that waits; null if none waits. */
    @Nullable
    Instant buffered() {
        return buffered;
    }

    /** Ids of the tasks that must end for the firing that waits. */
    List<String> toRevoke() {
        return toRevoke;
    }
}
