package io.celeriac.schedule.firing;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The tasks that this program sent and has not committed yet. If the commit fails, they are neither sent again nor recorded as skipped.
 * It holds at most 50,000; for others, {@link TaskStates} decides. Safe for use by several threads.
 */
public final class SentTasks {

    private static final int MOST = 50_000;

    private final Map<String, CompletableFuture<?>> receipts = new LinkedHashMap<>();

    /**
     * Sends a task, unless it was sent before and that has not failed.
     *
     * @param sending sends it; called without a lock
     * @return completes when the broker has accepted or refused it
     */
    public CompletableFuture<?> send(String id, Supplier<? extends CompletableFuture<?>> sending) {
        var there = receipt(id);
        if (there != null) {
            return there;
        }
        var receipt = sending.get();
        put(id, receipt);
        receipt.whenComplete((done, error) -> {
            if (error != null) {
                remove(id, receipt);
            }
        });
        return receipt;
    }

    private synchronized @Nullable CompletableFuture<?> receipt(String id) {
        return receipts.get(id);
    }

    private synchronized void put(String id, CompletableFuture<?> receipt) {
        receipts.put(id, receipt);
        if (receipts.size() > MOST) {
            receipts.remove(receipts.keySet().iterator().next());
        }
    }

    private synchronized void remove(String id, CompletableFuture<?> receipt) {
        receipts.remove(id, receipt);
    }

    /** Whether the broker has not answered yet. */
    boolean isUnderway(String id) {
        var receipt = receipt(id);
        return receipt != null && !receipt.isDone();
    }

    /** Whether the broker has it. */
    boolean has(String id) {
        var receipt = receipt(id);
        return receipt != null && receipt.isDone() && !receipt.isCompletedExceptionally();
    }

    /** Forgets these tasks when the caller's transaction, which records them, is committed. */
    public void forgetAfterCommit(Collection<String> ids) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                forget(ids);
            }
        });
    }

    private synchronized void forget(Collection<String> ids) {
        ids.forEach(receipts::remove);
    }
}
