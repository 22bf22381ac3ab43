package io.celeriac.controlweb.fleet;

import io.celeriac.controlweb.fleet.Fleet.Seen;
import io.celeriac.web.caller.Caller;

/** The workers that a caller sees. A caller that is narrowed to queues sees those that work on one of them. */
public final class VisibleWorkers {

    private VisibleWorkers() {}

    public static boolean sees(Caller caller, Seen worker) {
        return caller.queues() == null
                || worker.heartbeat().queues().stream().anyMatch(part -> caller.sees(part.queue()));
    }
}
