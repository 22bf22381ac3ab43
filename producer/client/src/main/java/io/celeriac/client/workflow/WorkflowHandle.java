package io.celeriac.client.workflow;

import io.celeriac.client.RemoteTaskException;
import io.celeriac.client.SubmitException;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskRevokedException;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.TaskState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that was sent. Safe for use by several threads.
 *
 * @param <R> type of the root's result
 */
public final class WorkflowHandle<R> {

    private final TaskHandle<R> root;
    private final CompletableFuture<Void> taken;
    private final WorkflowClient client;

    WorkflowHandle(TaskHandle<R> root, CompletableFuture<Void> taken, WorkflowClient client) {
        this.root = root;
        this.taken = taken;
        this.client = client;
    }

    /** The workflow's id, known before the broker has it. All its tasks have it as {@code rootId}. */
    public String id() {
        return root.id();
    }

    /** Completes when the broker has all parts of the workflow, or fails with {@link SubmitException}. */
    public CompletableFuture<Void> taken() {
        return taken;
    }

    /** The newest published state; {@link TaskState#PENDING} before the coordinator has taken the workflow. */
    public TaskState state() {
        return root.state();
    }

    /**
     * Waits for the result of the root.
     *
     * @return null for a result of null
     * @throws RemoteTaskException when the workflow failed; it has the error of the task at fault
     * @throws TaskRevokedException when it was revoked
     * @throws SubmitException when the broker did not take it
     * @throws TimeoutException when it has not ended in time; it goes on
     */
    public @Nullable R get(Duration timeout) throws InterruptedException, TimeoutException {
        var end = System.nanoTime() + timeout.toNanos();
        try {
            taken.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SubmitException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
        return root.get(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /** The result of the root, when it is there. Fails as {@link #get}. */
    public CompletableFuture<@Nullable R> result() {
        return taken.thenCompose(all -> root.result());
    }

    /** Calls a listener with each published state of the workflow; its progress counts the tasks that have ended. */
    public void onUpdate(Consumer<? super TaskResult> listener) {
        root.onUpdate(listener);
    }

    /** Ends the workflow, see {@link WorkflowClient#revoke}. */
    public CompletableFuture<Void> revoke() {
        return client.revoke(id(), false);
    }

    /** Runs what has not succeeded again, see {@link WorkflowClient#retry}. */
    public CompletableFuture<Void> retry() {
        return client.retry(id());
    }

    @Override
    public String toString() {
        return "workflow " + id();
    }
}
