package io.celeriac.client;

import java.util.List;
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

    /**
     * Sends tasks in their order, as {@link #send} does.
     *
     * @return in the order of the tasks
     */
    default List<CompletableFuture<Receipt>> sendAll(List<TaskSender.Prepared> tasks) {
        return tasks.stream().map(this::send).toList();
    }
}
