package io.celeriac.web.caller;

import io.celeriac.web.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the ids that a caller chooses for its tasks. A caller that is narrowed to queues would otherwise take over the row of
 * another queue's task, and read or revoke it. A task that has no row yet is not protected.
 */
public final class ChosenIds {

    private final Supplier<@Nullable QueueOfTask> queues;

    /**
     * @param queues supplies null where no results are stored
     */
    public ChosenIds(Supplier<@Nullable QueueOfTask> queues) {
        this.queues = queues;
    }

    /**
     * @param field that has the id
     * @param id null when the caller leaves the choice to the gateway
     * @throws ProblemException 409 when a task of another queue has the id
     */
    public void require(Caller caller, String field, @Nullable String id) {
        if (id != null) {
            require(caller, Map.of(id, field));
        }
    }

    /**
     * @param fields by the ids that they have
     * @throws ProblemException 409 when tasks of other queues have some of the ids
     */
    public void require(Caller caller, Map<String, String> fields) {
        var known = queues.get();
        if (caller.queues() == null || known == null || fields.isEmpty()) {
            return;
        }
        var taken = known.find(fields.keySet());
        fields.forEach((id, field) -> {
            var queue = taken.get(id);
            if (queue != null && !caller.sees(queue)) {
                throw ProblemException.conflict(
                        field + ": there is a task with the id " + id + " in a queue that is not granted", List.of());
            }
        });
    }
}
