package io.celeriac.worker;

import io.celeriac.engine.worker.Worker;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up while every queue is being worked on. */
@Component
class WorkerHealthIndicator implements HealthIndicator {

    private final Worker worker;

    WorkerHealthIndicator(Worker worker) {
        this.worker = worker;
    }

    @Override
    public Health health() {
        var health = worker.isRunning() ? Health.up() : Health.outOfService();
        return health.withDetail("worker", worker.id())
                .withDetail("queues", worker.states())
                .build();
    }
}
