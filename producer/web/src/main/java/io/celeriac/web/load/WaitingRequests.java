package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Limits the number of requests that wait without a thread. */
public final class WaitingRequests {

    private static final Duration SOON = Duration.ofSeconds(2);

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    public WaitingRequests(int most) {
        this.most = most;
    }

    int taken() {
        return taken.get();
    }

    /**
     * Counts a request as waiting until its answer is complete or cancelled.
     *
     * @throws ProblemException when the limit is reached
     */
    public <T> CompletableFuture<T> during(Supplier<CompletableFuture<T>> answer) {
        if (taken.incrementAndGet() > most) {
            taken.decrementAndGet();
            throw ProblemException.busy(most + " requests wait already", SOON);
        }
        try {
            return answer.get().whenComplete((value, error) -> taken.decrementAndGet());
        } catch (RuntimeException | Error e) {
            taken.decrementAndGet();
            throw e;
        }
    }
}
