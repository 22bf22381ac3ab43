package io.celeriac.client;

import java.util.concurrent.CompletableFuture;

/** A way for prepared tasks to the broker. */
@FunctionalInterface
public interface TaskOutlet {

    /**
     * Sends a task now or later.
     *
     * @return completes when the broker has the task, or fails with {@link SubmitException}
     */
    CompletableFuture<Receipt> send(TaskSender.Prepared task);
}
