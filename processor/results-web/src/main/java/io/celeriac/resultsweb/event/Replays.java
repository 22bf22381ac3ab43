package io.celeriac.resultsweb.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for a limited number of catch-ups at once; idle threads end. */
final class Replays implements AutoCloseable {

    private final Semaphore free;
    private final ExecutorService threads;

    Replays(int most) {
        free = new Semaphore(most);
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, most + 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            var thread = new Thread(task, "event-catch-up-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Reserves room for one catch-up, until {@link #start} or {@link #release}. False when there is none. */
    boolean reserve() {
        return free.tryAcquire();
    }

    void release() {
        free.release();
    }

    /** Runs a catch-up for which room was reserved, and then frees the room. */
    void start(Runnable catchUp) {
        threads.execute(() -> {
            try {
                catchUp.run();
            } finally {
                release();
            }
        });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
