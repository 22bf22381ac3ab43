package io.celeriac.controlweb.page;

import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.controlweb.queue.QueueView;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.queue.QueueDepth;
import io.celeriac.web.queue.QueueDepths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Tells how full the queues are, as their pages show it. */
final class FleetDepths implements QueueDepths {

    private static final int MILLIS = 1_000;

    private final QueueController queues;
    private final InstantSource clock;

    FleetDepths(QueueController queues, InstantSource clock) {
        this.queues = queues;
        this.clock = clock;
    }

    /** Numbers that the broker gave long ago are left out. */
    @Override
    public List<QueueDepth> now() {
        var now = clock.instant();
        return queues.all(Caller.OPEN).stream()
                .map(queue -> QueueStatus.of(queue, List.of(), now))
                .filter(status -> status.trouble() != QueueStatus.Trouble.SILENCE)
                .map(status -> depth(status, status.queue()))
                .toList();
    }

    private static QueueDepth depth(QueueStatus status, QueueView queue) {
        var age = queue.oldestReadyAge();
        return new QueueDepth(
                queue.queue(),
                status.ready(),
                status.parked(),
                queue.running(),
                age == null ? null : Duration.ofMillis(Math.round(age * MILLIS)));
    }
}
