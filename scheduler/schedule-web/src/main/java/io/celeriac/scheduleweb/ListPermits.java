package io.celeriac.scheduleweb;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Limits concurrent list queries to fewer than there are database connections, so that other calls find one. */
final class ListPermits {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Semaphore permits;

    ListPermits(int permits) {
        this.permits = new Semaphore(permits);
    }

    /**
     * Runs a list query; waits up to two seconds for a permit.
     *
     * @throws ProblemException when there is no permit by then
     */
    <T> T with(Supplier<T> list) {
        if (!acquired()) {
            throw ProblemException.busy("too many list queries at this moment", RETRY_AFTER);
        }
        try {
            return list.get();
        } finally {
            permits.release();
        }
    }

    private boolean acquired() {
        try {
            return permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
