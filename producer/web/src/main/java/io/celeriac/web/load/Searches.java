package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits the number of slow queries at once. For the database the limit is below the number of pooled connections, so that
 * short queries, changes and health always find one.
 */
public final class Searches {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore permits;

    public Searches(int most) {
        permits = new Semaphore(most, true);
    }

    /**
     * Runs a search; waits up to two seconds for others to end.
     *
     * @throws ProblemException when they have not ended by then
     */
    public <T> T run(Supplier<T> search) {
        begin();
        try {
            return search.get();
        } finally {
            end();
        }
    }

    void begin() {
        try {
            if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProblemException.busy("too many searches at this moment", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.busy("the gateway is about to stop", PATIENCE);
        }
    }

    void end() {
        permits.release();
    }
}
