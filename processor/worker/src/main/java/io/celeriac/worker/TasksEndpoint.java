package io.celeriac.worker;

import io.celeriac.engine.Explanation;
import io.celeriac.engine.worker.Worker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code GET /actuator/tasks/{id}} tells why an unfinished task of this worker waits, and since when; 404 when it has no such task. */
@Endpoint(id = "tasks")
final class TasksEndpoint {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Worker worker;

    TasksEndpoint(Worker worker) {
        this.worker = worker;
    }

    @ReadOperation
    @Nullable
    Explanation task(@Selector String id) {
        return worker.explain(id, PATIENCE).orElse(null);
    }
}
