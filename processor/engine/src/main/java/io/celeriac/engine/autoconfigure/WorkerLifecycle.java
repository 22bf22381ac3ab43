package io.celeriac.engine.autoconfigure;

import io.celeriac.engine.periodic.Declarer;
import io.celeriac.engine.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Starts the worker after everything else in the application, and stops it before everything else. */
final class WorkerLifecycle implements SmartLifecycle {

    private final Worker worker;
    private final @Nullable Declarer declarer;
    private volatile boolean running;

    /**
     * @param declarer of the application's schedules; null when it has none
     */
    WorkerLifecycle(Worker worker, @Nullable Declarer declarer) {
        this.worker = worker;
        this.declarer = declarer;
    }

    @Override
    public void start() {
        startOrLeaveNothingBehind();
        if (declarer != null) {
            declarer.start();
        }
        running = true;
    }

    /** Stops a worker that fails to start; otherwise its threads and clients would live as long as the application. */
    private void startOrLeaveNothingBehind() {
        try {
            worker.start();
        } catch (RuntimeException e) {
            worker.stop();
            throw e;
        }
    }

    @Override
    public void stop() {
        running = false;
        if (declarer != null) {
            declarer.close();
        }
        worker.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
