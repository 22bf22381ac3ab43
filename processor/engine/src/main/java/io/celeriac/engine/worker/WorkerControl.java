package io.celeriac.engine.worker;

import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.control.ControlReader;
import io.celeriac.engine.heartbeat.Acknowledgements;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what people tell this worker, and acknowledges it. All but drains are done at once, on the reader's thread; a drain takes
 * as long as the running attempts, so it has a thread of its own, and is acknowledged when it begins.
 */
final class WorkerControl implements ControlReader.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerControl.class);

    private final String worker;
    private final Dispatcher dispatcher;
    private final WorkerQueues queues;
    private final Acknowledgements acknowledgements;
    private final Runnable changed;
    private final InstantSource clock;
    private final ExecutorService drains = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "celeriac-drain");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean isUpToDate;

    /**
     * @param changed is told when something was acknowledged
     */
    WorkerControl(
            String worker,
            Dispatcher dispatcher,
            WorkerQueues queues,
            Acknowledgements acknowledgements,
            Runnable changed,
            InstantSource clock) {
        this.worker = worker;
        this.dispatcher = dispatcher;
        this.queues = queues;
        this.acknowledgements = acknowledgements;
        this.changed = changed;
        this.clock = clock;
    }

    /** Called when all commands and settings from before the start were read. Commands to a worker count from now on. */
    void upToDate() {
        isUpToDate = true;
    }

    @Override
    public void revoked(Command command) {
        dispatcher.revoke(command.id(), command.terminate());
    }

    @Override
    public void purged(PurgeCommand command) {
        dispatcher.purge(command.queue());
        acknowledge(command.id(), null);
    }

    @Override
    public void told(WorkerCommand command) {
        if (!isUpToDate || !command.worker().equals(worker)) {
            return;
        }
        if (clock.instant().isAfter(command.expiresAt())) {
            acknowledge(command.id(), "it had expired when it was read");
            return;
        }
        LOG.info("{} tells this worker to {}", command.by(), command.command().word());
        drains.execute(
                switch (command.command()) {
                    case DRAIN -> queues::drain;
                    case RESUME -> queues::resume;
                });
        acknowledge(command.id(), null);
    }

    /** Called for each live setting that concerns this worker, once it is known. */
    void set(LiveSetting setting) {
        dispatcher.settingsChanged();
        acknowledge(setting.id(), null);
    }

    private void acknowledge(String id, @Nullable String failure) {
        if (isUpToDate) {
            acknowledgements.add(id, failure);
            changed.run();
        }
    }

    @Override
    public void close() {
        drains.shutdownNow();
    }
}
