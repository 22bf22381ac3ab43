package io.celeriac.client.result;

import io.celeriac.contract.result.TaskResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest published result of one task, for all who wait for it in this process. Listeners run one after the other on the
 * reader's executor, never on the thread that reads. A slow listener sees the newest result and may miss some before it.
 */
public final class ResultWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWatch.class);

    private final String id;
    private final Executor executor;
    private final CompletableFuture<TaskResult> end = new CompletableFuture<>();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final List<Consumer<? super TaskResult>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable TaskResult latest;
    private boolean isTold;
    private boolean telling;
    private int users;

    ResultWatch(String id, Executor executor) {
        this.id = id;
        this.executor = executor;
    }

    String id() {
        return id;
    }

    /** Completes with the final result. Do not complete it. */
    public CompletableFuture<TaskResult> end() {
        return end;
    }

    /** Completes when all that was published before the watch began has been read. */
    public CompletableFuture<Void> caughtUp() {
        return caughtUp;
    }

    /** The newest result that was read; empty if none was. */
    public synchronized Optional<TaskResult> latest() {
        return Optional.ofNullable(latest);
    }

    /** Adds a listener, which first gets the newest result if there is one. */
    public void listen(Consumer<? super TaskResult> listener) {
        synchronized (this) {
            listeners.add(listener);
            if (latest == null) {
                return;
            }
        }
        executor.execute(() -> {
            var known = latest();
            known.ifPresent(result -> tell(listener, result));
        });
    }

    synchronized void acquired() {
        users++;
    }

    /** @return true when nobody is left */
    synchronized boolean released() {
        users--;
        return users == 0;
    }

    synchronized boolean isUnused() {
        return users == 0;
    }

    /** Takes a result over, unless a newer one is known. Results may come twice and in any order. */
    void offer(TaskResult result) {
        if (takesOver(result)) {
            executor.execute(this::tellAll); // outside the lock: an executor may run it at once
        }
    }

    /** Whether somebody has to be told, and nobody is telling yet. */
    private synchronized boolean takesOver(TaskResult result) {
        if (latest != null && result.revision() <= latest.revision()) {
            return false;
        }
        latest = result;
        isTold = false;
        var starts = !telling;
        telling = true;
        return starts;
    }

    private void tellAll() {
        for (var next = next(); next != null; next = next()) {
            for (var listener : listeners) {
                tell(listener, next);
            }
            if (next.state().isFinal()) {
                end.complete(next);
            }
        }
    }

    private synchronized @Nullable TaskResult next() {
        if (isTold) {
            telling = false;
            return null;
        }
        isTold = true;
        return latest;
    }

    private void tell(Consumer<? super TaskResult> listener, TaskResult result) {
        try {
            listener.accept(result);
        } catch (RuntimeException e) {
            LOG.warn("A listener for updates of task {} failed", id, e);
        }
    }
}
