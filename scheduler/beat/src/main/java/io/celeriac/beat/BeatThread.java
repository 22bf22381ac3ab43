package io.celeriac.beat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Turns the {@link Beat} on a thread of its own while the application runs. Stopping finishes the batch in hand. */
final class BeatThread implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(BeatThread.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Beat beat;
    private CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    BeatThread(Beat beat) {
        this.beat = beat;
    }

    @Override
    public synchronized void start() {
        stop = new CountDownLatch(1);
        var signal = stop;
        var started = new Thread(() -> turn(signal), "celeriac-beat");
        started.start();
        thread = started;
    }

    private void turn(CountDownLatch signal) {
        try {
            beat.begin();
            while (!signal.await(beat.turn().toNanos(), TimeUnit.NANOSECONDS)) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("The scheduler was interrupted and fires no more");
        }
    }

    @Override
    public synchronized void stop() {
        var running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        stop.countDown();
        try {
            running.join(PATIENCE.toMillis());
            if (running.isAlive()) {
                LOG.warn("The batch in hand was not done within {}; its schedules stay due", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }
}
