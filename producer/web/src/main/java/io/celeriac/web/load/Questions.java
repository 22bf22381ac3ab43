package io.celeriac.web.load;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** Threads that query the database for requests that wait without a thread. */
public final class Questions implements Executor {

    private final ExecutorService threads;

    Questions(ExecutorService threads) {
        this.threads = threads;
    }

    /**
     * @throws java.util.concurrent.RejectedExecutionException when too many queries wait
     */
    @Override
    public void execute(Runnable question) {
        threads.execute(question);
    }

    void shutdownNow() {
        threads.shutdownNow();
    }
}
