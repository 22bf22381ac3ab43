package io.celeriac.engine.autoconfigure;

import io.celeriac.engine.worker.Worker;
import org.springframework.context.SmartLifecycle;

/** Starts the worker when everything else is there, and stops it before anything else goes. */
final class WorkerLifecycle implements SmartLifecycle {

    private final Worker worker;
    private volatile boolean running;

    WorkerLifecycle(Worker worker) {
        this.worker = worker;
    }

    @Override
    public void start() {
        worker.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        worker.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
