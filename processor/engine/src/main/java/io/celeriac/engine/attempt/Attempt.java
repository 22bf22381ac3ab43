package io.celeriac.engine.attempt;

import io.celeriac.contract.task.Task;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.SourceRecord;
import java.util.Comparator;

/**
 * One try at a task, ready to run.
 *
 * @param attemptQueue where it waits, and where its outcomes go
 * @param accepted the task
 * @param handler that runs it
 */
public record Attempt(AttemptQueue attemptQueue, AcceptedTask accepted, Handler handler) {

    /** By priority, the highest first, then in the order of their records. */
    public static final Comparator<Attempt> BY_PRIORITY = Comparator.comparingInt(
                    (Attempt attempt) -> -attempt.task().priorityOrDefault())
            .thenComparingLong(attempt -> attempt.origin().offset());

    /** The task's id. */
    public String id() {
        return accepted.id();
    }

    Task task() {
        return accepted.task();
    }

    SourceRecord origin() {
        return accepted.origin();
    }

    /** From 1. */
    int number() {
        return accepted.attempts() + 1;
    }
}
