package io.celeriac.engine.readiness;

import io.celeriac.engine.task.QueueProperties;

/** The room that a partition has for more tasks. Belongs to the stream thread. */
public record PartitionRoom(
        QueueProperties settings, Window window, KeyOrder keyOrder, HandlerLimitQueue handlerLimits, DueGate parking) {

    /** Whether a task that is due may be started. */
    public boolean isLeft() {
        return window.size() < settings.window() && held() < settings.maxHeld();
    }

    /** Whether the partition must take no more records. */
    public boolean isFull() {
        return !isLeft() || parking.size() >= settings.maxParked();
    }

    /** Whether so much is left that a partition that was full may take records again. */
    public boolean isHalfEmpty() {
        return window.size() <= settings.window() / 2
                && held() <= settings.maxHeld() / 2
                && parking.size() < settings.maxParked();
    }

    private int held() {
        return keyOrder.waiting() + handlerLimits.size();
    }
}
