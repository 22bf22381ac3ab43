package io.celeriac.web.caller;

import io.celeriac.web.problem.ProblemException;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** Tells in which queue a task is, so that a call by id can be checked. The module that stores results implements it. */
@FunctionalInterface
public interface QueueOfTask {

    /** The queue of a task; empty when the task is not known, or not yet. */
    Optional<String> find(String id);

    /**
     * Refuses a caller who may not do so to this task. A caller for all queues is not asked for the task, which may be unknown.
     *
     * @throws ProblemException 404 when the caller does not see the task
     */
    default void require(Caller caller, Authority authority, String id) {
        if (caller.mayOnAll(authority)) {
            return;
        }
        if (find(id).filter(queue -> caller.mayOn(authority, queue)).isEmpty()) {
            throw new ProblemException(HttpStatus.NOT_FOUND, "no task " + id + " is known, or not yet");
        }
    }
}
