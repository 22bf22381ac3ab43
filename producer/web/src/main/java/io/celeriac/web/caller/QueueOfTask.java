package io.celeriac.web.caller;

import java.util.Optional;

/**
 * Tells in which queue a task is. The module that stores results implements it; access control asks it about each call to
 * something of a task, such as its revocation, when the caller is narrowed to queues.
 */
@FunctionalInterface
public interface QueueOfTask {

    /** The queue of a task; empty when the task is not known, or not yet. */
    Optional<String> find(String id);
}
