package io.celeriac.engine.attempt;

import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.task.OutboundRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The tasks that an attempt has emitted. Each is kept until it is acknowledged or, if Streams has published it, committed. So it can be
 * emitted again when the partition comes back: tasks that were emitted while it was away reached nobody, and published ones may be lost
 * with an aborted transaction. Emitting a task twice does no harm, because its id is the same.
 *
 * <p>At most {@value #MAX_KEPT_UNITS} KiB are kept; a small task counts as one KiB. The execution guards everything but
 * {@link #tryReserve} and {@link #release}.
 */
final class EmittedTasks {

    private static final int MAX_SHOWN = 1_000;
    private static final int MAX_KEPT_UNITS = 4 * 1024;
    private static final int UNIT = 1024;

    private final List<String> ids = new ArrayList<>();
    private final Collection<AttemptOutcome.Emitted> kept = new LinkedHashSet<>();
    private final Semaphore room = new Semaphore(MAX_KEPT_UNITS);
    private int numbered;

    /** The number of the next task, from 0. */
    int number() {
        return numbered++;
    }

    /** Reserves room for a task, waiting a moment if there is none; returns whether it did. */
    boolean tryReserve(OutboundRecord child) throws InterruptedException {
        return room.tryAcquire(units(child), 100, TimeUnit.MILLISECONDS);
    }

    /** Releases the room of a task. */
    void release(OutboundRecord child) {
        room.release(units(child));
    }

    private static int units(OutboundRecord child) {
        return Math.min(MAX_KEPT_UNITS, 1 + child.size() / UNIT);
    }

    void keep(String id, AttemptOutcome.Emitted child) {
        kept.add(child);
        if (ids.size() < MAX_SHOWN) {
            ids.add(id);
        }
    }

    /** Stops keeping a task, as it is committed. */
    void forget(AttemptOutcome.Emitted child) {
        if (kept.remove(child)) {
            release(child.child());
        }
    }

    /** The tasks that may have to be emitted again, in order. */
    List<AttemptOutcome.Emitted> kept() {
        return List.copyOf(kept);
    }

    /** The ids in order; at most the first {@value #MAX_SHOWN}. */
    List<String> ids() {
        return List.copyOf(ids);
    }
}
