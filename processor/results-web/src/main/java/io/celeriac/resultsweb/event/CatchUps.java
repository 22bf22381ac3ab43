package io.celeriac.resultsweb.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A few threads for a few catch-ups at once, gone when there is none. */
final class CatchUps implements AutoCloseable {

    private final Semaphore free;
    private final ExecutorService threads;

    CatchUps(int most) {
        free = new Semaphore(most);
        var number = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, most + 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            var thread = new Thread(task, "event-catch-up-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether there is room for one more, which is then kept for {@link #start} or {@link #release}. */
    boolean reserve() {
        return free.tryAcquire();
    }

    void release() {
        free.release();
    }

    /** Runs what room was reserved for, and gives the room back. */
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
