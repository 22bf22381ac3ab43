package io.celeriac.web.caller;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells in which queue a task is. The module that stores results implements it; access control asks it about each call to
 * something of a task, such as its revocation, when the caller is narrowed to queues.
 */
@FunctionalInterface
public interface QueueOfTask {

    /** The queues of tasks by their ids, without those that are not known, or not yet. */
    Map<String, String> find(Collection<String> ids);

    /** The queue of a task; empty when the task is not known, or not yet. */
    default Optional<String> find(String id) {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }
}
