package io.celeriac.web.load;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** A few threads that ask the database for those who wait without one. */
public final class Questions implements Executor {

    private final ExecutorService threads;

    Questions(ExecutorService threads) {
        this.threads = threads;
    }

    /**
     * @throws java.util.concurrent.RejectedExecutionException when too many ask
     */
    @Override
    public void execute(Runnable question) {
        threads.execute(question);
    }

    void shutdownNow() {
        threads.shutdownNow();
    }
}
