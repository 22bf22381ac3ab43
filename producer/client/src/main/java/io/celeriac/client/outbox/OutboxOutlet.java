package io.celeriac.client.outbox;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskOutlet;
import io.celeriac.client.TaskSender;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stores tasks in the transaction of the calling thread. After the commit a relay sends them, here or in another process of the same
 * service. Without a transaction the task is stored at once.
 */
public final class OutboxOutlet implements TaskOutlet {

    private final OutboxRepository outbox;
    private final int shards;
    private final InstantSource clock;
    private final Runnable stored;

    /**
     * @param stored called when a task was stored and can be sent
     */
    OutboxOutlet(OutboxRepository outbox, InstantSource clock, Runnable stored) {
        this.outbox = outbox;
        this.shards = outbox.shards().size();
        this.clock = clock;
        this.stored = stored;
    }

    /**
     * Stores a task.
     *
     * @return fails: a stored task has no receipt
     */
    @Override
    public CompletableFuture<Receipt> send(TaskSender.Prepared task) {
        return sendAll(List.of(task)).get(0);
    }

    /** Stores tasks at once, see {@link #send}. */
    @Override
    public List<CompletableFuture<Receipt>> sendAll(List<TaskSender.Prepared> tasks) {
        outbox.insert(tasks, shards, clock.millis());
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    stored.run();
                }
            });
        } else {
            stored.run();
        }
        return tasks.stream()
                .map(task -> CompletableFuture.<Receipt>failedFuture(new IllegalStateException(
                        "task " + task.task().id() + " is in the outbox, so it has no receipt")))
                .toList();
    }
}
