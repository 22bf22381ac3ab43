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
 * The tasks that an attempt has emitted. Each is kept until it is committed, so that it can be emitted again when the partition
 * comes back in another life: what was emitted in between reached nobody, and what was published may have gone with its
 * transaction. That a task may be emitted twice does no harm, as its id is the same.
 *
 * <p>What is kept is bounded by {@value #MAX_KEPT_UNITS} KiB, a small task counting for one. All but {@link #tryReserve} and
 * {@link #release} is guarded by the execution that it belongs to.
 */
final class EmittedTasks {

    private static final int MAX_SHOWN = 1_000;
    private static final int MAX_KEPT_UNITS = 4 * 1024;
    private static final int UNIT = 1024;

    private final List<String> ids = new ArrayList<>();
    private final Collection<AttemptOutcome.Emitted> kept = new LinkedHashSet<>();
    private final Semaphore room = new Semaphore(MAX_KEPT_UNITS);
    private int numbered;

    /** The place of the next, from 0. */
    int number() {
        return numbered++;
    }

    /** Makes room for one, waiting a moment where there is none; returns whether there is. */
    boolean tryReserve(OutboundRecord child) throws InterruptedException {
        return room.tryAcquire(units(child), 100, TimeUnit.MILLISECONDS);
    }

    /** Gives the room back that was made for one. */
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

    /** One is committed. */
    void forget(AttemptOutcome.Emitted child) {
        if (kept.remove(child)) {
            release(child.child());
        }
    }

    /** Those that may have to be emitted again, in order. */
    List<AttemptOutcome.Emitted> kept() {
        return List.copyOf(kept);
    }

    /** Ids in order; the first of them, where they are very many. */
    List<String> ids() {
        return List.copyOf(ids);
    }
}
