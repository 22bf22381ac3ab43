package io.celeriac.client.transaction;

import io.celeriac.client.Receipt;
import io.celeriac.client.SubmitException;
import io.celeriac.client.TaskOutlet;
import io.celeriac.client.TaskSender;
import java.util.concurrent.CompletableFuture;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends a task when the transaction of the calling thread has committed, and at once if there is none. After a rollback the task is
 * not sent, and its receipt fails. If the process dies between the commit and the send, the task is lost; an outbox does not lose it.
 */
public final class AfterCommitOutlet implements TaskOutlet {

    private final TaskSender sender;

    public AfterCommitOutlet(TaskSender sender) {
        this.sender = sender;
    }

    @Override
    public CompletableFuture<Receipt> send(TaskSender.Prepared task) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return sender.send(task);
        }
        var receipt = new CompletableFuture<Receipt>();
        TransactionSynchronizationManager.registerSynchronization(new SendAfterCommit(task, receipt));
        return receipt;
    }

    private final class SendAfterCommit implements TransactionSynchronization {

        private final TaskSender.Prepared task;
        private final CompletableFuture<Receipt> receipt;

        private SendAfterCommit(TaskSender.Prepared task, CompletableFuture<Receipt> receipt) {
            this.task = task;
            this.receipt = receipt;
        }

        @Override
        public void afterCompletion(int status) {
            if (status != STATUS_COMMITTED) {
                receipt.completeExceptionally(new SubmitException(
                        "task " + task.task().id() + " was not sent, because the transaction "
                                + (status == STATUS_ROLLED_BACK ? "was rolled back" : "ended in an unknown way"),
                        null));
                return;
            }
            sender.send(task).whenComplete((taken, error) -> {
                if (error == null) {
                    receipt.complete(taken);
                } else {
                    receipt.completeExceptionally(error);
                }
            });
        }
    }
}
